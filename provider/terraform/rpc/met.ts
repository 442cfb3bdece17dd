import { hasCode, PortforwardError } from '../../rule/error';
import type { LooseInputs } from '../../rule/rule';
import { RuleName } from '../../session/messages';
import type { Preview } from '../../session/preview';
import type { Session } from '../../session/session';
import type { RuleState } from '../../session/state';
import type { Diagnostic } from '../wire/messages';
import { failureOf, warningOf } from './diagnostics';
import { loserWarnings, PATIENCE, standingWarning } from './hand-over';
import type { Turn } from './turn';

/** What a write of the rule would meet on the gateway; `recorded` null = it is new, `id` null = its name is not known. */
export async function whatIsThere(
  turn: Turn,
  session: Session,
  inputs: LooseInputs,
  recorded: RuleState | null,
  id: string | null,
  signal: AbortSignal,
): Promise<Diagnostic[]> {
  const preview = await previewed(turn, session, inputs, recorded, signal);
  const { owner, gatewayName } = session.options;
  const { unreachable, failures } = preview;
  if (hasCode(unreachable, 'cancelled')) throw unreachable;
  if (unreachable) return turn.first('unreachable') ? [unseen(unreachable, gatewayName)] : [];
  const subject = id === null ? 'The rule' : RuleName(id);
  if (failures.length > 0)
    return failures.map((failure) =>
      failureOf('ERROR', `${subject} cannot be on gateway "${gatewayName}"`, failure),
    );
  if (id === null) return [];
  return [
    ...(recorded === null ? await standingWarning(turn, owner, id, preview) : []),
    ...(await loserWarnings(turn, owner, id, preview)),
  ];
}

/**
 * Engines plan a new rule before they have shown all that they recorded. Where a gateway has no room to say whose an entry
 * is, one of ours looks like a stranger's until then: so it is waited for.
 */
async function previewed(
  { course }: Turn,
  session: Session,
  inputs: LooseInputs,
  recorded: RuleState | null,
  signal: AbortSignal,
): Promise<Preview> {
  for (;;) {
    const preview = await session.preview(inputs, recorded, signal);
    const { nameless } = preview;
    if (nameless === null) return preview;
    await course.until(() => session.hasMet(nameless), PATIENCE);
    if (!session.hasMet(nameless)) return preview;
  }
}

function unseen({ code, summary, hint }: PortforwardError, gatewayName: string): Diagnostic {
  const text = `Gateway "${gatewayName}" could not be looked at: ${summary}`;
  const rest =
    'So this plan does not know what is there. An apply looks first, and changes nothing unless it can.';
  return warningOf(new PortforwardError(code, text, { hint: hint === undefined ? rest : `${hint} ${rest}` }));
}
