import type { Problem, Table } from '../backend';
import { chainsOf, checkCommand, commandLine } from './acl';
import { type Chains, isUnread, listChain, readChain } from './chains';
import type { Call } from './client';
import type { SectionEntry } from './codec';
import { readCheck } from './fw4-check';
import { judge } from './judge';
import type { Login } from './login';
import { type Pace, waits } from './pace';
import { pause } from './pause';
import { unprovedProblem } from './problems';
import type { Reader, Reading } from './reading';
import { lacksRights, mayRun } from './rights';
import { busy, type Trial } from './trial';
import type { Zones } from './zones';

/** A change of ours that the firewall still has to load. */
export interface Expected {
  /** Handles of the rules in a chain, as they were before: each reload gives new ones (measured). */
  readonly handles: string;
  readonly removed: readonly SectionEntry[];
}

/** Looks until what it sees is the truth: nobody else's changes on trial, and ours loaded by the firewall. */
export class Looker {
  /** What is wrong with the router, and what could not be proved at the last look. */
  readonly problems: Problem[] = [];
  private lasting: readonly Problem[] = [];
  private expected: (Expected & { readonly at: number }) | null = null;
  /** Whether the reload for it has yet to be waited for. */
  private awaited = false;
  /** What did not fit together at an earlier look and did not come to fit, and why in fw4's own words. */
  private accepted = '';
  private reasons: ReadonlyMap<string, string> = new Map();

  constructor(
    private readonly login: Login,
    private readonly trial: Trial,
    private readonly reader: Reader,
    private readonly pace: Pace,
  ) {}

  /** Problems that no look changes. */
  begin(problems: readonly Problem[]): void {
    this.lasting = problems;
    this.problems.splice(0, this.problems.length, ...problems);
  }

  /** Our changes were applied just now. */
  expect(expected: Expected): void {
    this.expected = { ...expected, at: performance.now() };
    this.awaited = true;
    this.accepted = '';
    this.reasons = new Map();
  }

  async look(signal: AbortSignal): Promise<Table> {
    await this.trial.settle(signal);
    await this.ownReload(signal);
    const { reload, grace } = this.pace;
    let reading = await this.free(signal);
    let judged = this.judge(reading);
    let changed = performance.now();
    const last = changed + reload + grace;
    while (judged.unsettled !== '' && judged.unsettled !== this.accepted) {
      const handles = handlesIn(reading.chains, reading.zones);
      const { expected } = this;
      const until = expected?.handles === handles ? expected.at + reload : changed + grace;
      if (handles !== '' && (await this.reloaded(handles, Math.min(until, last), signal))) {
        changed = performance.now();
        reading = await this.free(signal);
      } else {
        this.accepted = judged.unsettled;
        this.reasons = await this.askReasons(reading, signal);
      }
      judged = this.judge(reading);
    }
    if (judged.unsettled === '') this.expected = null;
    this.note(reading);
    return judged.table;
  }

  /** The call that tells whether the firewall has loaded anew; null where there is nothing to tell it by. */
  watch(): { readonly chain: string; readonly call: Call } | null {
    const chain = watchedChain(this.reader.known);
    return chain === null ? null : { chain, call: listChain(chain) };
  }

  /** Waits for the reload that a change of ours sets off: to read everything before it would be in vain, and costs the router much. */
  private async ownReload(signal: AbortSignal): Promise<void> {
    const { expected, awaited } = this;
    this.awaited = false;
    if (!expected || !awaited || expected.handles === '') return;
    const { procd, reload } = this.pace;
    if (await this.hasOthers(expected.handles, signal)) return;
    await pause(Math.min(procd, reload) - (performance.now() - expected.at), signal);
    await this.reloaded(expected.handles, expected.at + reload, signal);
  }

  /** Waits until the handles are others; false = they were not in time. */
  private async reloaded(handles: string, until: number, signal: AbortSignal): Promise<boolean> {
    const { first, watching } = this.pace;
    for (const wait of waits({ first, slowest: watching })) {
      if (performance.now() >= until) return false;
      await pause(wait, signal);
      if (await this.hasOthers(handles, signal)) return true;
    }
    return false;
  }

  /** Whether the firewall shows other handles now. */
  private async hasOthers(handles: string, signal: AbortSignal): Promise<boolean> {
    const watch = this.watch();
    if (!watch) return false;
    const [reply] = await this.login.ask([watch.call], { signal, idempotent: true });
    const rules = readChain(watch.chain, reply);
    return !isUnread(rules) && handlesOf(rules) !== handles;
  }

  /** A reading while nobody else has changes on trial. */
  private async free(signal: AbortSignal): Promise<Reading> {
    const until = performance.now() + this.pace.busy;
    for (const wait of waits(this.pace)) {
      const reading = await this.reader.read(signal);
      if (reading !== 'busy') return reading;
      if (performance.now() >= until) break;
      await pause(wait, signal);
    }
    throw busy();
  }

  private judge(reading: Reading): ReturnType<typeof judge> {
    return judge(reading, this.reasons, this.expected?.removed ?? []);
  }

  private async askReasons({ sections }: Reading, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    if (!mayRun(this.login.acls, commandLine(checkCommand))) return new Map();
    const { command, params } = checkCommand;
    const call = { object: 'file', method: 'exec', args: { command, params } };
    const [reply] = await this.login.ask([call], { signal, idempotent: true });
    return readCheck(reply, sections);
  }

  /** Throws where chains of a WAN zone may not be listed: without them nothing would ever be proved. */
  private note({ unread, zones }: Reading): void {
    const needed = new Set(zones.wan.flatMap(({ name }) => chainsOf(name)));
    const lines = unread.filter(({ chain, why }) => why === 'not granted' && needed.has(chain));
    if (lines.length > 0)
      throw lacksRights(
        this.login.acls,
        this.login.username,
        lines.map(({ line }) => `"read": {"file": {"${line}": ["exec"]}}`),
      );
    this.problems.splice(0, this.problems.length, ...this.lasting, ...unread.map(unprovedProblem));
  }
}

export function handlesOf(rules: readonly { readonly handle: number }[]): string {
  return rules.map(({ handle }) => handle).join();
}

function handlesIn(chains: Chains, zones: Zones): string {
  const chain = watchedChain(zones);
  return chain === null ? '' : handlesOf(chains.get(chain) ?? []);
}

/** Every zone has one, with at least a jump in it. */
function watchedChain({ wan: [first] }: Zones): string | null {
  return first ? chainsOf(first.name)[2] : null;
}
