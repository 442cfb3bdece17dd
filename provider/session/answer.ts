import type { Entry, GatewayInfo } from '../backends/backend';
import { PortforwardError } from '../rule/error';
import { fold } from '../rule/fold';
import { makeTag, parseTag } from '../rule/identity';
import { spell } from '../rule/spell';
import type { Claim } from './claim';
import { contentOf } from './facts';
import { PartialFailure, withState } from './failures';
import type { PutIntent, Task } from './intent';
import { RuleName } from './messages';
import type { SessionOptions } from './options';
import { earlier, tellCopies } from './ownership';
import type { Outcome } from './reconcile';
import { renewalOf, renewalSeen } from './renewal';
import type { RecordedEntry, RuleState } from './state';
import { wantedParts } from './wanted';

/** The state of a rule that is on the gateway as wanted. `wall` = milliseconds since 1970. */
export function wantedState(
  intent: PutIntent,
  { pairs }: Claim,
  info: GatewayInfo,
  options: SessionOptions,
  wall: number,
): RuleState {
  const entries = pairs
    .flatMap(({ wanted, live }) => (live ? [recordedEntry(live, wanted.tag)] : []))
    .sort((a, b) => partOf(a.tag) - partOf(b.tag));
  const expiring = pairs.flatMap(({ live, wanted: { lease } }) =>
    live && !live.permanent && lease !== null ? [{ expires: live.expires, lease }] : [],
  );
  return {
    ...stateBase(intent, info, options),
    entries,
    ...due(renewalOf(expiring, options.renewBefore, wall)),
  };
}

/**
 * The state to record with a failure after which entries may be on the gateway: what was recorded, what was seen, and
 * what was sent where nobody knows what became of it (`guess`).
 */
export function possibleState(
  intent: PutIntent,
  live: Iterable<Entry>,
  guess: boolean,
  info: GatewayInfo,
  options: SessionOptions,
): RuleState {
  const byTag = new Map<string, RecordedEntry>();
  for (const entry of intent.recorded?.entries ?? []) byTag.set(entry.tag, entry);
  const sent = guess ? wantedParts(intent.rule, info.capabilities) : [];
  for (const [part, { content, forward }] of sent.entries()) {
    const tag = makeTag(intent.id, forward, part);
    if (!byTag.has(tag)) byTag.set(tag, { tag, content, handle: '', permanent: true });
  }
  for (const entry of live) if (entry.tag !== null) byTag.set(entry.tag, recordedEntry(entry, entry.tag));
  return { ...stateBase(intent, info, options), entries: [...byTag.values()] };
}

/**
 * What a put answers: the state, or why it failed. A failure that may leave entries on the gateway carries the state
 * that must be recorded; so does an entry that is there but blocked.
 */
export function putAnswer(
  task: Task & { readonly intent: PutIntent },
  { failure, claim }: Outcome,
  info: GatewayInfo,
  options: SessionOptions,
  wall: number,
): RuleState | PortforwardError {
  const { intent, attempts } = task;
  if (failure) {
    const lost = !claim || [...attempts.values()].some(({ outcome }) => outcome === 'lost');
    if (attempts.size === 0 || !(lost || leavesMore(intent, claim))) return failure;
    return withState(failure, possibleState(intent, claim?.mine ?? [], lost, info, options));
  }
  if (!claim) return new PortforwardError('internal', `${RuleName(intent.id)} was not looked at.`);
  const state = wantedState(intent, claim, info, options, wall);
  const blocked = claim.pairs.find(({ live, wanted }) => wanted.forward.enabled && live?.blocked)?.live
    ?.blocked;
  if (!blocked) return state;
  const summary = `${RuleName(intent.id)} is on gateway "${options.gatewayName}", but nobody gets in: ${blocked.message}`;
  return new PartialFailure('blocked', summary, state, { hint: blocked.hint });
}

/** The live rule as a state, or null when nothing is left of it. `entries` = all under its tag. */
export function liveState(
  recorded: RuleState,
  entries: readonly Entry[],
  contents: ReadonlySet<string>,
  info: GatewayInfo,
  renewBefore: number | undefined,
  wall: number,
): RuleState | null {
  const { mine } = tellCopies([...entries].sort(earlier), contents);
  const parts = onePerPart(mine, contents);
  if (parts.length === 0) return null;
  const folded = fold(parts.map(({ forward }) => forward));
  const restriction = parts.find((entry) => entry.restriction !== null)?.restriction ?? null;
  // No property can say it, so the one that it undoes does: on, but not for everything that the rule says.
  const live =
    restriction === null
      ? folded
      : { ...folded, mixed: { ...folded.mixed, enabled: `only in part: ${restriction}` } };
  const { renewalDue, ...rest } = recorded;
  return {
    ...rest,
    ...due(renewalSeen(renewalDue, parts, renewBefore, wall)),
    inputs: spell(live, recorded.inputs),
    device: info.device ?? recorded.device,
    entries: parts.map((entry) => recordedEntry(entry, entry.tag as string)),
  };
}

/** Exact duplicates of a part say nothing new. */
function onePerPart(mine: readonly Entry[], contents: ReadonlySet<string>): readonly Entry[] {
  const parts = new Map<number, Entry>();
  const fits = (entry: Entry): boolean => contents.has(contentOf(entry.forward));
  for (const entry of mine) {
    const part = partOf(entry.tag);
    const chosen = parts.get(part);
    if (!chosen || (!fits(chosen) && fits(entry))) parts.set(part, entry);
  }
  return [...parts].sort(([a], [b]) => a - b).map(([, entry]) => entry);
}

function partOf(tag: string | null): number {
  return parseTag(tag ?? '')?.part ?? 0;
}

function leavesMore({ recorded }: PutIntent, { mine }: Claim): boolean {
  const kept = new Set((recorded?.entries ?? []).map(({ tag, handle }) => `${handle} ${tag}`));
  return [...mine].some(({ tag, handle }) => tag !== null && !kept.has(`${handle} ${tag}`));
}

function recordedEntry(entry: Entry, tag: string): RecordedEntry {
  return { tag, content: contentOf(entry.forward), handle: entry.handle, permanent: entry.permanent };
}

function stateBase(
  { inputs }: PutIntent,
  info: GatewayInfo,
  options: SessionOptions,
): Omit<RuleState, 'entries'> {
  return {
    inputs,
    owner: options.owner,
    gatewayName: options.gatewayName,
    endpoint: options.endpoint,
    device: info.device,
  };
}

function due(renewalDue: string | null): Pick<RuleState, 'renewalDue'> {
  return renewalDue === null ? {} : { renewalDue };
}
