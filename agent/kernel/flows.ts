import { type Cidr, cidrContains, parseAddress, parseCidr } from '../../provider/rule/address';
import type { Forward, Protocol } from '../../provider/rule/rule';
import { samePackets } from './concern';
import type { KernelEntry } from './kernel';
import { type Network, wanAddresses4 } from './network';
import { familyOf, wanInterface } from './wan-match';

/** One tracked connection. All of it is needed to name it: there is no way to speak of a port alone. */
export interface Flow {
  readonly family: 4 | 6;
  readonly protocol: Protocol;
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Who answers: the target of a translated connection. */
  readonly answerer: string;
  readonly answererPort: number;
  readonly mark: number;
}

/** Connections to look at: always of one protocol and to one address of ours, or of a pinhole. */
export interface Query {
  readonly family: 4 | 6;
  readonly protocol: Protocol;
  readonly destination: string;
}

/** Which tracked connections a change ends. */
export interface Cut {
  readonly queries: readonly Query[];
  readonly ends: (flow: Flow) => boolean;
  /** Whether such connections can no longer begin, whoever calls: then they may be ended all at once. */
  readonly over: (flow: Flow) => boolean;
}

/**
 * What a change from `before` to `after` must end: connections that an entry sent somewhere and that no entry would
 * send there now (removed, retargeted, tightened), and UDP talks that began before their entry did, for rules touch
 * only what is new. Pure; the addresses are those of this moment.
 */
export function planCut(
  before: readonly KernelEntry[],
  after: readonly KernelEntry[],
  network: Network,
  mark: number,
): Cut {
  const kept = new Map(after.map((entry) => [entry.tag, entry.forward]));
  const had = new Map(before.map((entry) => [entry.tag, entry.forward]));
  const removed = before.filter(({ tag, forward }) => !sameFlows(kept.get(tag), forward));
  const added = after.filter(({ tag, forward }) => !sameFlows(had.get(tag), forward));
  const addedUdp = added.filter(
    ({ forward }) => familyOf(forward) === 4 && forward.traffic.some(({ protocol }) => protocol === 'udp'),
  );
  const queries = new Map<string, Query>();
  const ask = (forward: Forward, protocols: readonly Protocol[]) => {
    for (const protocol of protocols) {
      for (const destination of destinations(forward, network)) {
        const query = { family: familyOf(forward), protocol, destination };
        queries.set(JSON.stringify(query), query);
      }
    }
  };
  for (const { forward } of removed)
    ask(
      forward,
      forward.traffic.map(({ protocol }) => protocol),
    );
  for (const { forward } of addedUdp) ask(forward, ['udp']);
  const matcher = new Matcher(network, mark);
  return {
    queries: [...queries.values()],
    ends(flow) {
      const lost =
        removed.some(({ forward }) => matcher.sends(forward, flow)) &&
        !after.some(({ forward }) => matcher.sends(forward, flow));
      const late =
        flow.protocol === 'udp' &&
        addedUdp.some(({ forward }) => matcher.takes(forward, flow) && !matcher.sends(forward, flow));
      return lost || late;
    },
    over: (flow) => flow.family === 4 && !after.some(({ forward }) => matcher.sends(forward, flow, true)),
  };
}

/** True when two say the same of which packets go where. Log and hairpin say nothing of that. */
function sameFlows(a: Forward | undefined, b: Forward): boolean {
  return a !== undefined && a.wan === b.wan && samePackets(a, b);
}

function destinations(forward: Forward, network: Network): readonly string[] {
  const { target, wan } = forward;
  if (target.kind === 'host' && target.family === 6) return [target.address];
  const name = wanInterface(forward);
  if (name !== null) return wanAddresses4(network, name);
  return wan === null ? wanAddresses4(network) : [wan];
}

class Matcher {
  private readonly destinations = new Map<Forward, ReadonlySet<string>>();
  private readonly sources = new Map<Forward, readonly Cidr[] | null>();

  constructor(
    private readonly network: Network,
    private readonly mark: number,
  ) {}

  /** Whether the entry would take such a connection if it began now. */
  takes(forward: Forward, flow: Flow): boolean {
    return this.targetPort(forward, flow) !== null;
  }

  /** Whether the connection goes where the entry sends it; `anybody` = whoever calls. */
  sends(forward: Forward, flow: Flow, anybody = false): boolean {
    const port = this.targetPort(forward, flow, anybody);
    if (port === null) return false;
    const { target } = forward;
    // Nothing is translated: only our mark tells a connection that we let in.
    if (target.kind === 'host' && target.family === 6) return (flow.mark & this.mark) !== 0;
    if (flow.answererPort !== port) return false;
    if (target.kind === 'host') return flow.answerer === target.address;
    // Redirected: to whichever address of the gateway the connection came in on, its own ones to the loopback.
    return this.network.own.includes(flow.answerer) || flow.answerer.startsWith('127.');
  }

  private targetPort(forward: Forward, flow: Flow, anybody = false): number | null {
    if (flow.family !== familyOf(forward)) return null;
    const traffic = forward.traffic.find(({ protocol }) => protocol === flow.protocol);
    const port = flow.destinationPort;
    const span = traffic?.ports.find(({ from, to }) => from <= port && port <= to);
    if (!span || !this.destinationsOf(forward).has(flow.destination)) return null;
    const sources = anybody ? null : this.sourcesOf(forward);
    if (sources !== null) {
      const address = parseAddress(flow.source);
      if (!address || !sources.some((cidr) => cidrContains(cidr, address))) return null;
    }
    return span.target + port - span.from;
  }

  private destinationsOf(forward: Forward): ReadonlySet<string> {
    const found = this.destinations.get(forward) ?? new Set(destinations(forward, this.network));
    this.destinations.set(forward, found);
    return found;
  }

  private sourcesOf(forward: Forward): readonly Cidr[] | null {
    let found = this.sources.get(forward);
    if (found === undefined) {
      found = forward.sources?.map((text) => parseCidr(text) as Cidr) ?? null;
      this.sources.set(forward, found);
    }
    return found;
  }
}
