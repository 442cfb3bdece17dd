import { hasCode, PortforwardError } from '../../rule/error';
import { ownError } from '../../session/failures';
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
  if (!moved(recorded, session.options).includes('endpoint')) return null;
  const { device } = await session.info(signal).catch((thrown: unknown) => {
    throw notTold(session, recorded, ownError(thrown));
  });
  if (sameDevice(recorded, device)) return null;
  const other = recorded.device !== null && device !== null ? ', which is another device' : '';
  const ways = [
    sameDeviceWay(recorded),
    `If the rule is on the new one already, let the engine forget it (state rm, or removed { … } with destroy = false) and import it.`,
    'If it shall move, keep the old provider block under an alias, destroy the rule there with -target, then create it here.',
  ];
  return new PortforwardError('device', `${places(session, recorded)}${other}.`, { hint: ways.join(' ') });
}

/** The gateway would have to tell whether it is the old one, and does not answer. */
function notTold(session: Session, recorded: RuleState, error: PortforwardError): PortforwardError {
  const { code, summary, hint } = error;
  if (code === 'cancelled') return error;
  const ways = [hint, sameDeviceWay(recorded), 'To add -refresh=false does not help here.'];
  return new PortforwardError(
    code,
    `${places(session, recorded)}. Whether that is the same device cannot be told: ${summary}`,
    { hint: ways.filter((way) => way !== undefined).join(' ') },
  );
}

function places({ options }: Session, recorded: RuleState): string {
  return `${RuleName(idOf(recorded))} was put on gateway "${recorded.gatewayName}" at ${recorded.endpoint}; the provider is configured for gateway "${options.gatewayName}" at ${options.endpoint}`;
}

function sameDeviceWay({ endpoint }: RuleState): string {
  return `If it is the same device, set endpoint = "${endpoint}" in the provider block.`;
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

/** A data source that could not be read ends the plan, and no option of a plan leaves it out. */
export function dataNotRead(thrown: unknown): PortforwardError {
  return silent(
    thrown,
    'A plan reads data sources also with -refresh=false; only a destroy with -refresh=false goes past them.',
  );
}

/** Nor does one leave out an import. */
export function notImported(thrown: unknown): PortforwardError {
  return silent(
    thrown,
    'Nothing can be imported before it answers, and -refresh=false does not help: to plan without, take the import block out.',
  );
}

function silent(thrown: unknown, rest: string): PortforwardError {
  const error = ownError(thrown);
  if (!hasCode(error, 'unreachable', 'timeout')) return error;
  const { code, summary, hint } = error;
  return new PortforwardError(code, summary, { hint: hint === undefined ? rest : `${hint} ${rest}` });
}

/** A look that failed ends the plan, also the one before a destroy. */
export function notRead({ code, summary, hint }: PortforwardError): PortforwardError {
  const first = code === 'device' ? REPLACED : hint;
  const rest =
    'Nothing is known of its rules, so nothing is planned. To plan, or to destroy, without a look first, add -refresh=false.';
  return new PortforwardError(code, summary, {
    hint: first === undefined ? rest : `${first} ${rest}`,
  });
}

/** Elsewhere a new endpoint is the way; here that is another gateway, to which deletes would be sent. */
const REPLACED =
  'If it replaces the old one, let the engine forget the rules (state rm, or removed { … } with destroy = false), then create them on it; if not, mend the way to the right one.';

function idOf({ owner, inputs }: RuleState): string {
  return `${owner}/${inputs.name}`;
}
