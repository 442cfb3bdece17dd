import { PortforwardError } from '../../rule/error';
import { RuleName, ruleName } from '../../session/messages';
import type { Preview } from '../../session/preview';
import type { Diagnostic } from '../wire/messages';
import { warningOf } from './diagnostics';
import type { Turn } from './turn';

/** Milliseconds without a new call: an engine plans what it plans in one burst. */
export const PATIENCE = 500;

/**
 * Warns where a rule takes what another one of our owner has, and this plan does not say what becomes of that one. An
 * engine leaves out what is no target, and knows nothing of other states with the same owner.
 */
export async function loserWarnings(
  turn: Turn,
  owner: string,
  winner: string,
  { losers }: Preview,
): Promise<Diagnostic[]> {
  const { course } = turn;
  const left = (): string[] => [...losers.keys()].filter((id) => !course.hasMet(id));
  await course.until(() => left().length === 0 || course.applying, PATIENCE);
  // What is written is warned of by the session, which sees what really goes.
  if (course.applying) return [];
  return left()
    .filter((id) => turn.first(`${winner} ${id}`))
    .map((id) =>
      warningOf(
        new PortforwardError(
          'conflict',
          `${losers.get(id)} belongs to ${ruleName(id)} now, and ${ruleName(winner)} would take it over.`,
          {
            hint: `Unless this same plan moves or removes ${ruleName(id)}, that rule loses it. Is it left out by -target, or declared in another state with the owner "${owner}"?`,
            property: 'externalPort',
          },
        ),
      ),
    );
}

/**
 * Warns where a new rule finds its own entries there: another state may have put them there, and will miss them. Not where
 * this state has them at another address, or tainted; then the engine shows what it recorded of them.
 */
export async function standingWarning(
  { run, course }: Turn,
  owner: string,
  id: string,
  { standing }: Preview,
): Promise<Diagnostic[]> {
  const settled = (): boolean => course.applying || run.before(id) !== null;
  if (!standing) return [];
  await course.until(settled, PATIENCE);
  if (settled()) return [];
  return [
    warningOf(
      new PortforwardError(
        'conflict',
        `${RuleName(id)} is on the gateway already, and this state takes it over.`,
        {
          hint: `It was left by a run that was interrupted; or another state has the same owner "${owner}" and the same rule: then give this provider another owner, or they will undo each other.`,
          property: 'name',
        },
      ),
    ),
  ];
}
