import { PortforwardError } from '../../rule/error';
import { RuleName } from '../../session/messages';
import { moved, sameDevice } from '../../session/moved';
import type { Session } from '../../session/session';
import type { RuleState } from '../../session/state';

/** How the full plan is passed over that an engine makes before it destroys. */
const PAST_THE_PLAN = 'To destroy what is left meanwhile, add -refresh=false.';

/**
 * Why the configured gateway may not touch a recorded rule: it is of another owner, or was put on a gateway that this one
 * cannot be shown to be. Null = it may. An engine sends a delete to whatever gateway is configured now, so the old one
 * would never hear of it.
 */
export async function notHere(
  session: Session,
  recorded: RuleState,
  signal: AbortSignal,
): Promise<PortforwardError | null> {
  const parts = moved(recorded, session.options);
  return parts.includes('owner') ? otherOwner(session, recorded) : otherGateway(session, recorded, signal);
}

/** The same for its removal, for which its owner does not matter: its entries are known by the recorded one. */
export async function otherGateway(
  session: Session,
  recorded: RuleState,
  signal: AbortSignal,
): Promise<PortforwardError | null> {
  const { gatewayName, endpoint } = session.options;
  if (!moved(recorded, session.options).includes('endpoint')) return null;
  const { device } = await session.info(signal);
  if (sameDevice(recorded, device)) return null;
  const other = recorded.device !== null && device !== null ? ', which is another device' : '';
  const ways = [
    `If it is the same device, set endpoint = "${recorded.endpoint}" in the provider block.`,
    `If the rule is on the new one already, let the engine forget it (state rm, or removed { … } with destroy = false) and import it.`,
    'If it shall move, keep the old provider block under an alias, destroy the rule there with -target, then create it here.',
  ];
  return new PortforwardError(
    'device',
    `${RuleName(idOf(recorded))} was put on gateway "${recorded.gatewayName}" at ${recorded.endpoint}; the provider is configured for gateway "${gatewayName}" at ${endpoint}${other}.`,
    { hint: ways.join(' ') },
  );
}

function otherOwner({ options }: Session, recorded: RuleState): PortforwardError {
  return new PortforwardError(
    'invalid',
    `${RuleName(idOf(recorded))} belongs to the owner "${recorded.owner}"; the provider is configured for the owner "${options.owner}".`,
    {
      hint: `Set owner = "${recorded.owner}" in the provider block again; or destroy the rule first, and create it for the new owner. ${PAST_THE_PLAN}`,
    },
  );
}

/** A look that failed ends the plan, also the one before a destroy; `again` = it was said at length before. */
export function notRead({ code, summary, hint }: PortforwardError, again: boolean): PortforwardError {
  const first = code === 'device' ? REPLACED : hint;
  const rest =
    'Nothing is known of its rules, so nothing is planned. To plan, or to destroy, without a look first, add -refresh=false.';
  return new PortforwardError(code, summary, {
    hint: again ? 'As for the rule before.' : first === undefined ? rest : `${first} ${rest}`,
  });
}

/** Elsewhere a new endpoint is the way; here that is another gateway, to which deletes would be sent. */
const REPLACED =
  'If it replaces the old one, let the engine forget the rules (state rm, or removed { … } with destroy = false), then create them on it; if not, mend the way to the right one.';

function idOf({ owner, inputs }: RuleState): string {
  return `${owner}/${inputs.name}`;
}
