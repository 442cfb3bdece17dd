import { PortforwardError } from '../../rule/error';
import { chainsOf, reflectionChain, UPNP_CHAIN } from './acl';
import { type Chains, isUnread, listChain, mayRead, readChain, type Unread } from './chains';
import { type Reply, UBUS } from './client';
import { entriesOf, type SectionEntry } from './codec';
import { type Login, LoginExpired } from './login';
import { allows } from './rights';
import { readSections, type Section } from './sections';
import { CONFIG } from './staging';
import { APPLY_CALL, isBusy, isFree, type Trial, uci } from './trial';
import { readZones, type Zones, zoneOfHost } from './zones';

/** The configuration and what the firewall has loaded, as they were at one moment. */
export interface Reading {
  readonly sections: readonly Section[];
  readonly zones: Zones;
  /** What the sections forward, by their own word. */
  readonly found: readonly SectionEntry[];
  readonly chains: Chains;
  readonly unread: readonly Unread[];
}

/** A reading is begun anew when the login has expired, or the router has other zones than it had. */
const MOST_READINGS = 4;

/** Reads everything in one request, or finds that somebody else has changes on trial: then it is not the truth yet. */
export class Reader {
  private zones: Zones | null = null;

  constructor(
    private readonly login: Login,
    private readonly trial: Trial,
    private readonly wanZones: readonly string[] | null,
  ) {}

  /** The zones, as they were last read. */
  get known(): Zones {
    if (!this.zones) throw new PortforwardError('internal', 'The router was not asked for its zones.');
    return this.zones;
  }

  know(zones: Zones): void {
    this.zones = zones;
  }

  async read(signal: AbortSignal, tries = MOST_READINGS): Promise<Reading | 'busy'> {
    if (tries === 0) throw restless();
    // Under a login that is not ours nothing may be asked that could apply what is staged there.
    if (!this.login.open || this.login.borrowed) await this.login.renew(signal);
    if (this.login.borrowed) return 'busy';
    const { known } = this;
    const probes = !this.trial.ours && allows(this.login.acls, 'ubus', 'uci', 'apply');
    const chains = chainsFor(known).filter((chain) => mayRead(this.login.acls, chain));
    const replies = await this.ask(probes, chains, signal);
    if (replies === 'expired') return this.read(signal, tries - 1);
    if (probes && !(await this.isFree(replies, signal))) return 'busy';
    const [config, dump, ...lists] = probes ? replies.slice(1, -1) : replies;
    const sections = readSections(dataOf(config, 'its firewall configuration'));
    const zones = readZones(dataOf(dump, 'its networks'), sections, this.wanZones);
    this.zones = zones;
    if (chainsFor(zones).join() !== chainsFor(known).join()) return this.read(signal, tries - 1);
    const read = new Map(chainsFor(zones).map((chain) => [chain, readChain(chain, DENIED)]));
    for (const [index, chain] of chains.entries()) read.set(chain, readChain(chain, lists[index]));
    const found = entriesOf(sections, zones);
    for (const [chain, rules] of await this.reflections(found, zones, signal)) read.set(chain, rules);
    return {
      sections,
      zones,
      found,
      chains: new Map([...read].flatMap(([chain, rules]) => (isUnread(rules) ? [] : [[chain, rules]]))),
      unread: [...read.values()].filter(isUnread),
    };
  }

  private async ask(
    probes: boolean,
    chains: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly Reply[] | 'expired'> {
    const probe = probes ? [APPLY_CALL] : [];
    const dump = { object: 'network.interface', method: 'dump', args: {} };
    const calls = [...probe, uci('get', CONFIG), dump, ...chains.map(listChain), ...probe];
    try {
      return await this.login.send(calls, { signal, idempotent: true });
    } catch (error) {
      if (error instanceof LoginExpired) return 'expired';
      throw error;
    }
  }

  /** `apply` with nothing staged tells whether anybody has changes on trial, and does nothing (rpcd's uci.c). */
  private async isFree(replies: readonly Reply[], signal: AbortSignal): Promise<boolean> {
    const codes = [replies[0], replies.at(-1)].map((reply) => (reply?.ok ? 0 : (reply?.code ?? 0)));
    if (codes.some(isBusy)) return false;
    if (codes.every(isFree)) return true;
    // Something was staged under this login, and not by us.
    await this.login.send([uci('rollback', {})], { signal });
    await this.login.destroy(signal);
    throw new PortforwardError('internal', `The router answered a question with ${codes.join(' and ')}.`);
  }

  /** Only entries whose hairpin is to be proved need the chains of the zones inside. */
  private async reflections(
    found: readonly SectionEntry[],
    zones: Zones,
    signal: AbortSignal,
  ): Promise<readonly (readonly [string, ReturnType<typeof readChain>])[]> {
    const homes = found.flatMap(({ entry: { tag, forward } }) =>
      tag !== null && forward.enabled && forward.hairpin === true && forward.target.kind === 'host'
        ? (zoneOfHost(forward.target.address, zones)?.name ?? [])
        : [],
    );
    const chains = [...new Set(homes)].map(reflectionChain);
    const readable = chains.filter((chain) => mayRead(this.login.acls, chain));
    if (chains.length === 0) return [];
    const replies =
      readable.length === 0
        ? []
        : await this.login.ask(readable.map(listChain), { signal, idempotent: true });
    return chains.map((chain) => {
      const index = readable.indexOf(chain);
      return [chain, readChain(chain, index < 0 ? DENIED : replies[index])] as const;
    });
  }
}

const DENIED: Reply = { ok: false, code: UBUS.denied, words: 'Permission denied' };

function chainsFor({ watched }: Zones): readonly string[] {
  return [...watched.flatMap(chainsOf), UPNP_CHAIN];
}

function dataOf(reply: Reply | undefined, what: string): unknown {
  if (reply?.ok && reply.data) return reply.data;
  const words = reply && !reply.ok ? `${reply.words} (${reply.code})` : 'a success without a value';
  throw new PortforwardError('refused', `The router does not tell ${what}: ${words}.`);
}

function restless(): PortforwardError {
  return new PortforwardError(
    'denied',
    'The router lets us log in and forgets it at once, or its zones keep changing.',
    { hint: 'Restart rpcd on the router: /etc/init.d/rpcd restart, then run again.' },
  );
}
