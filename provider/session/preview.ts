import type { Entry, GatewayInfo } from '../backends/backend';
import { checkCapabilities, checkNetwork } from '../rule/check';
import { collision } from '../rule/conflicts';
import { PortforwardError } from '../rule/error';
import { naturalKey } from '../rule/identity';
import { normalise } from '../rule/normalise';
import { type Failure, type LooseInputs, type Rule, type RuleInputs, UNKNOWN } from '../rule/rule';
import { claim } from './claim';
import { byMark, occupancyOf } from './facts';
import { capturedManagement, guardHint, guardReason } from './guard';
import type { PutIntent, Task } from './intent';
import type { Look } from './look';
import { claimedTwice, copyInTheWay, foreignInTheWay, RuleName } from './messages';
import { type Standing, standing } from './ownership';
import type { Situation } from './situation';

/** What this gateway cannot do of it, and what does not fit its networks; unknown values pass. */
export function misfits(inputs: LooseInputs, info: GatewayInfo, gatewayName: string): Failure[] {
  return [
    ...checkCapabilities(inputs, info.capabilities, gatewayName),
    ...checkNetwork(inputs, info, gatewayName),
  ];
}

/** The gateway as a whole cannot forward anything until something is mended: create and update refuse. */
export function unfit({ problems }: GatewayInfo, gatewayName: string): PortforwardError | null {
  const problem = problems.find(({ fatal }) => fatal);
  if (!problem) return null;
  return new PortforwardError('refused', `Gateway "${gatewayName}" cannot forward: ${problem.message}`, {
    hint: problem.hint,
  });
}

/** The same when it comes to writing: the rule is refused before anything is changed. */
export function misfit(intent: PutIntent, info: GatewayInfo, gatewayName: string): PortforwardError | null {
  const inputs: LooseInputs = { ...intent.inputs };
  const cannot = checkCapabilities(inputs, info.capabilities, gatewayName);
  const failures = cannot.length > 0 ? cannot : misfits(inputs, info, gatewayName);
  const [first] = failures;
  if (!first) return null;
  const texts = failures.map(({ property, reason }) => `${property}: ${reason}`).join(' ');
  return new PortforwardError(
    cannot.length > 0 ? 'unsupported' : 'invalid',
    `${RuleName(intent.id)}: ${texts}`,
    {
      property: first.property,
    },
  );
}

function isKnown(inputs: LooseInputs): boolean {
  return Object.values(inputs).every(
    (value) => value !== UNKNOWN && !(Array.isArray(value) && value.includes(UNKNOWN)),
  );
}

/** The rule, where all is known and right; else null, for the first gate says what is wrong. */
export function readRule(inputs: LooseInputs): Rule | null {
  if (!isKnown(inputs)) return null;
  try {
    return normalise(inputs as unknown as RuleInputs);
  } catch {
    return null;
  }
}

/** What a write of the rule would meet, by one look. */
export interface Preview {
  readonly failures: readonly Failure[];
  /** Why there is no look; then nothing else is known. */
  readonly unreachable: PortforwardError | null;
  /** Rules of our owner that have what this one wants, by id, with what of it: they hand it over, or lose it. */
  readonly losers: ReadonlyMap<string, string>;
  /** Whether entries of this very rule stand there already. */
  readonly standing: boolean;
  /** The mark of what refuses it, where the gateway has no room to say whose that is: one of ours that was not met yet, perhaps. */
  readonly nameless: string | null;
}

export const NOTHING_MET: Preview = {
  failures: [],
  unreachable: null,
  losers: new Map(),
  standing: false,
  nameless: null,
};

/**
 * What stands in the way of a rule in one look, as far as a preview can tell: the management guard, entries that are not
 * ours, `adopt` naming what may not be taken over. Entries of our owner's other rules may be gone by then.
 */
export function whatIsMet(task: Task, look: Look, situation: Omit<Situation, 'info' | 'before'>): Preview {
  if (task.intent.kind === 'delete') return NOTHING_MET;
  const { info, table } = look;
  const { id, rule } = task.intent;
  const refused = (failure: Failure): Preview => ({ ...NOTHING_MET, failures: [failure] });
  const captured = capturedManagement(rule, info.management);
  if (captured) {
    return refused({
      property: 'externalPort',
      reason: `${guardReason(captured, situation.gatewayName)} ${guardHint(captured)}`,
    });
  }
  for (const [mark, other] of situation.held) {
    const written = mark === task.mark ? undefined : situation.declared.get(other);
    const reason = written ? collision(rule.forward, written, info.capabilities) : null;
    if (reason !== null) return refused(failureOf(claimedTwice(id, other, reason)));
  }
  const whose = (entry: Entry): Standing => standing(entry, situation.owner, situation.known);
  const view = { entries: table.entries, marks: byMark(table.entries), standing: whose, seen: () => true };
  const found = claim(task, view, new Set());
  if (found.failure) return refused(failureOf(found.failure));
  const losers = new Map<string, string>();
  for (const { wanted } of found.pairs) {
    for (const entry of occupancyOf(table.entries).near(wanted.forward)) {
      if (found.mine.has(entry)) continue;
      const reason = collision(wanted.forward, entry.forward, info.capabilities);
      if (reason === null) continue;
      const holder = whose(entry);
      if (holder.kind !== 'owned')
        return {
          ...refused(failureOf(foreignInTheWay(id, entry, holder, reason))),
          nameless: holder.kind === 'stranger' && holder.owner === null ? holder.mark : null,
        };
      if (holder.mark === task.mark) return refused(failureOf(copyInTheWay(id, entry, reason)));
      losers.set(holder.id, naturalKey(entry.forward));
    }
  }
  return { ...NOTHING_MET, losers, standing: found.mine.size > 0 };
}

function failureOf(error: PortforwardError): Failure {
  return { property: error.property ?? 'externalPort', reason: error.message };
}
