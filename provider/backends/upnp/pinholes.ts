import { PortforwardError } from '../../rule/error';
import type { Change, ChangeResult, Entry, WantedEntry } from '../backend';
import { FIREWALL_CODES, type Firewall } from './firewall';
import { type Pinhole, pinholeEntry, pinholeHandle, readPinhole, tupleOf, tupleText } from './pinhole';
import type { Refusal } from './refusal';
import { UpnpFault } from './soap';

/** Seconds; WANIPv6FirewallControl:1, 2.3.7. */
const LONGEST_LEASE = 86_400;
/** Seconds that a pinhole lives which is opened only to learn its number. */
const PROBE_LEASE = 60;

/** The way to a gateway's IPv6 side. */
export interface PinholeWay {
  readonly firewall: Firewall;
  /** BOOTID.UPNP.ORG, where the gateway tells it. */
  readonly boot: string | null;
}

interface Asking {
  readonly way: PinholeWay;
  readonly signal: AbortSignal;
}

/** The pinholes of this machine on one gateway: those that rules recorded, and those that this process has opened. */
export class Pinholes {
  private readonly opened = new Map<string, Pinhole>();

  /** `now` = milliseconds since 1970. */
  constructor(private readonly now: () => number) {}

  /** Those that are still there. `way` null = there is no way to ask. */
  async list(
    recorded: readonly string[],
    way: PinholeWay | null,
    signal: AbortSignal,
  ): Promise<readonly Entry[]> {
    const known = new Map<string, Pinhole>();
    for (const pinhole of recorded.map(readPinhole)) if (pinhole) known.set(nameOf(pinhole), pinhole);
    // A renewal has another handle, which nobody has recorded yet.
    for (const [name, pinhole] of this.opened) known.set(name, pinhole);
    const entries: Entry[] = [];
    for (const pinhole of known.values())
      if (await this.isThere(pinhole, way, signal)) entries.push(pinholeEntry(pinhole, this.seconds()));
    return entries;
  }

  async change(change: Change, way: PinholeWay | null, signal: AbortSignal): Promise<ChangeResult> {
    if (!way) return { status: 'refused', ...unreachableSide() };
    const on: Asking = { way, signal };
    try {
      if (change.op === 'remove') {
        const before = readPinhole(change.before.handle);
        if (before) await this.remove(before, on);
        return { status: 'done', handle: change.before.handle };
      }
      const pinhole = await this.open(change.wanted, on);
      const before = change.op === 'edit' ? readPinhole(change.before.handle) : null;
      // Both may stand side by side, so the old one goes last; what was only renewed is one and the same.
      if (before && tupleText(before) !== tupleText(pinhole)) await this.remove(before, on);
      return { status: 'done', handle: pinholeHandle(pinhole) };
    } catch (error) {
      if (!(error instanceof UpnpFault)) throw error;
      return { status: 'refused', ...refusedPinhole(error, change, way) };
    }
  }

  private async open(wanted: WantedEntry, { way: { firewall, boot }, signal }: Asking): Promise<Pinhole> {
    const tuple = tupleOf(wanted);
    if ('reason' in tuple) throw new UpnpFault(0, tuple.reason);
    const lease = Math.min(wanted.lease ?? LONGEST_LEASE, LONGEST_LEASE);
    const id = await firewall.add(tuple, lease, signal);
    const pinhole = { ...tuple, id, tag: wanted.tag, expires: this.seconds() + lease, boot };
    this.opened.set(nameOf(pinhole), pinhole);
    return pinhole;
  }

  /**
   * Numbers start again with the gateway, so a recorded one may be another's by now. Unless it is known that they did not, the
   * same pinhole is opened first: the number that it gets is ours to remove.
   */
  private async remove(pinhole: Pinhole, { way: { firewall, boot }, signal }: Asking): Promise<void> {
    const sure = boot !== null && pinhole.boot === boot;
    const id = sure ? pinhole.id : await firewall.add(pinhole, PROBE_LEASE, signal);
    await firewall.remove(pinhole.client, id, signal);
    this.opened.delete(nameOf(pinhole));
  }

  private async isThere(pinhole: Pinhole, way: PinholeWay | null, signal: AbortSignal): Promise<boolean> {
    if (!way) {
      if (pinhole.expires <= this.seconds()) return false;
      const { message, hint } = unreachableSide();
      throw new PortforwardError('unreachable', `${tupleText(pinhole)} cannot be looked at: ${message}`, {
        ...(hint === undefined ? {} : { hint }),
        retryable: true,
      });
    }
    if (pinhole.boot !== null && way.boot !== null && pinhole.boot !== way.boot) return false;
    return way.firewall.exists(pinhole.client, pinhole.id, signal);
  }

  private seconds(): number {
    return Math.floor(this.now() / 1000);
  }
}

/** Handles of one pinhole have this in common, whatever became of it. */
function nameOf(pinhole: Pinhole): string {
  return `${tupleText(pinhole)} ${pinhole.tag}`;
}

function unreachableSide(): Refusal {
  return {
    message: 'the gateway offers no pinholes to this machine over IPv6 (now).',
    hint: 'See whether this machine has an IPv6 address and the router lets hosts open pinholes.',
  };
}

/** What the refusal of a pinhole means. */
function refusedPinhole(fault: UpnpFault, change: Change, { firewall }: PinholeWay): Refusal {
  const { forward } = change.op === 'remove' ? change.before : change.wanted;
  const client = forward.target.kind === 'host' ? forward.target.address : '';
  const port = forward.traffic[0]?.ports[0]?.from ?? 0;
  const said = `It said: ${fault.summary}`;
  switch (fault.upnp) {
    case 0:
      return { message: `${fault.words}.` };
    case FIREWALL_CODES.notAuthorized:
      if (!firewall.own.includes(client))
        return {
          message: `the gateway opens pinholes only to the host that asks, and ${client} is no address of this machine (${firewall.own.join(', ')}). ${said}`,
          hint: `Run this on ${client}.`,
        };
      return {
        message: `the gateway does not let this host open port ${port}. ${said}`,
        hint: 'Ports below 1024 are kept from hosts (WANIPv6FirewallControl:1, 2.4.3.2): use a higher one.',
      };
    case FIREWALL_CODES.noSpace:
      return { message: `the gateway has room for no more pinholes. ${said}` };
    case FIREWALL_CODES.firewallOff:
    case FIREWALL_CODES.notAllowed:
      return {
        message: `the gateway lets hosts open no pinholes. ${said}`,
        hint: 'Permit it in its settings.',
      };
    default:
      return { message: fault.summary, hint: 'Look whether its own pages or log say more.' };
  }
}
