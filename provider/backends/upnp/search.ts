import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type Interfaces, type OwnAddress, ownAddresses } from './interfaces';
import { trustedLocation } from './location';
import {
  answersAsGateway,
  COMMON_TARGETS,
  readAnswer,
  SEARCH_TARGETS,
  SPREAD,
  type SsdpAnswer,
  searchMessage,
} from './ssdp';

/** What a search needs of its surroundings; tests bring their own. */
export interface SearchSurroundings {
  /** Default: those of this machine. */
  readonly interfaces?: Interfaces;
  /** Where devices listen. Default 1900 (UDA 1.1, 1.3.2); never bound by us, for others on this machine do. */
  readonly port?: number;
  /** Routers that are asked directly as well. Default: those of the default routes. */
  readonly routers?: () => readonly string[];
}

export interface SearchOptions {
  readonly family: 4 | 6;
  /** Only on these interfaces, by name or by own address. Default: on all but loopback. */
  readonly interfaces?: readonly string[];
  /** Devices that are asked directly as well, for networks that carry no multicast. */
  readonly hosts?: readonly string[];
  /** Ends the search early, once what is sought has answered. */
  readonly until?: (found: Sighting) => boolean;
}

/** A trustworthy answer to a search. */
export interface Sighting extends SsdpAnswer {
  readonly url: URL;
}

export interface SearchResult {
  readonly sightings: readonly Sighting[];
  /** Where it was asked, for messages: `eth0 (192.168.1.5)`. */
  readonly asked: readonly string[];
}

/**
 * When questions are put, in milliseconds, and which. Datagrams get lost, so it is asked more than once; but a flood of
 * questions is answered worse than a few: small routers take them one by one (miniupnpd answers none in time then, measured).
 */
const ROUNDS = [
  { at: 0, targets: COMMON_TARGETS, onlyIfSilent: false },
  { at: 350, targets: SEARCH_TARGETS, onlyIfSilent: false },
  { at: 750, targets: SEARCH_TARGETS, onlyIfSilent: true },
] as const;
/** Milliseconds that a search takes at most: the last question, the time that devices may take, and the way. */
const WINDOW = 750 + 1000 * SPREAD + 250;
/** Answers that are looked at, and of them kept: nobody has more gateways, and a flood must end somewhere. */
const MOST_ANSWERS = 4096;
const MOST_SIGHTINGS = 128;
/** Descriptions that one device may tell of, so that nobody can crowd out the others. */
const MOST_LOCATIONS = 4;
/** SSDP's groups (UDA 1.1, 1.3.2 and annex A.3). A gateway is on the link. */
const GROUPS = { 4: '239.255.255.250', 6: 'ff02::c' } as const;
const ROUTER_HOPS = 2;

/** Asks the networks of this machine for gateways. Resolves with what was heard, also when nothing was. */
export async function search(
  { family, interfaces: only, hosts = [], until }: SearchOptions,
  { interfaces, port = 1900 }: SearchSurroundings,
  signal: AbortSignal,
): Promise<SearchResult> {
  const own = ownAddresses(interfaces);
  const found = new Map<string, Sighting>();
  const locations = new Map<string, Set<string>>();
  const end = new AbortController();
  const stop = (): void => end.abort();
  let answers = 0;
  const hear = (datagram: Uint8Array, sender: string): void => {
    answers += 1;
    const answer = answers > MOST_ANSWERS ? null : readAnswer(datagram);
    const url = answer && trustedLocation(answer.location, sender, own);
    if (!answer || !url || found.size >= MOST_SIGHTINGS) return;
    const known = locations.get(url.hostname) ?? new Set();
    if (!known.has(url.href) && known.size >= MOST_LOCATIONS) return;
    locations.set(url.hostname, known.add(url.href));
    const sighting = { ...answer, url };
    const key = `${url.href} ${answer.target}`;
    if (!found.has(key)) found.set(key, sighting);
    if (until?.(sighting)) stop();
  };

  const lines = [...groupLines(own, family, only), ...hosts.map((host) => directLine(host))];
  const timer = setTimeout(stop, WINDOW);
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    const silent = (): boolean => ![...found.values()].some(answersAsGateway);
    await Promise.all(lines.map((line) => ask(line, port, { hear, silent, end: end.signal })));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
  return { sightings: [...found.values()], asked: lines.map(({ name }) => name) };
}

/** One socket, and whom it asks. */
interface Line {
  readonly name: string;
  readonly family: 4 | 6;
  readonly to: string;
  /** What it binds and sends multicast by; null = as the system chooses. */
  readonly from: OwnAddress | null;
}

function groupLines(
  own: readonly OwnAddress[],
  family: 4 | 6,
  only: readonly string[] | undefined,
): readonly Line[] {
  const chosen = own.filter((one) => {
    if (one.family !== family) return false;
    if (only) return only.includes(one.interface) || only.includes(one.address);
    return !one.address.startsWith('127.') && one.address !== '::1';
  });
  // Over IPv6 an interface has several addresses, and multicast goes by the interface.
  const distinct = chosen.filter(
    (one, index) => family === 4 || chosen.findIndex((other) => other.interface === one.interface) === index,
  );
  return distinct.map((from) => ({
    name: `${from.interface} (${from.address})`,
    family,
    to: GROUPS[family],
    from,
  }));
}

function directLine(host: string): Line {
  return { name: host, family: host.includes(':') ? 6 : 4, to: host, from: null };
}

/** How a search goes on. */
interface Course {
  readonly hear: (datagram: Uint8Array, sender: string) => void;
  /** Whether no gateway has answered yet. */
  readonly silent: () => boolean;
  readonly end: AbortSignal;
}

/** Asks by one socket until the end, and never fails: an interface without multicast is one that nobody answers on. */
async function ask({ family, to, from }: Line, port: number, { hear, silent, end }: Course): Promise<void> {
  const socket = createSocket(family === 4 ? 'udp4' : 'udp6');
  const timers: NodeJS.Timeout[] = [];
  const put = (targets: readonly string[]): void => {
    for (const target of targets) {
      const message = searchMessage(family === 4 ? to : `[${to}]`, target);
      socket.send(message, port, scoped(to, from), () => undefined);
    }
  };
  try {
    socket.on('error', () => undefined);
    socket.on('message', (datagram, { address }) => hear(datagram, address));
    await bind(socket, from);
    for (const { at, targets, onlyIfSilent } of ROUNDS)
      timers.push(
        setTimeout(() => {
          if (!onlyIfSilent || silent()) put(targets);
        }, at),
      );
    if (!end.aborted) await once(end, 'abort');
  } catch {
    // The address has gone, or the system lets nobody send there.
  } finally {
    for (const timer of timers) clearTimeout(timer);
    socket.close();
  }
}

async function bind(socket: Socket, from: OwnAddress | null): Promise<void> {
  const bound = once(socket, 'listening');
  socket.bind(from?.family === 4 ? { address: from.address, port: 0 } : { port: 0 });
  await bound;
  if (!from) return;
  socket.setMulticastInterface(from.family === 4 ? from.address : `::%${from.interface}`);
  socket.setMulticastTTL(ROUTER_HOPS);
}

function scoped(host: string, from: OwnAddress | null): string {
  return host.startsWith('ff') && from ? `${host}%${from.interface}` : host;
}
