import { PortforwardError } from '../../rule/error';
import { ruleId } from '../../rule/identity';
import type { LooseInputs } from '../../rule/rule';
import { withDefaults } from '../../rule/with-defaults';
import { ruleName } from '../../session/messages';
import { renewalIsDue } from '../../session/renewal';
import type { Session } from '../../session/session';
import type { RuleState } from '../../session/state';
import { decode } from '../codec/decode';
import { encode, encodeSame } from '../codec/encode';
import type { Values } from '../codec/type';
import { pathOf } from '../schema/names';
import { ruleBlock } from '../schema/rule';
import { toInputs } from '../schema/rule-values';
import type { Handler } from '../wire/handlers';
import type { Diagnostic, PlanResourceChangeRequest, PlanResourceChangeResponse } from '../wire/messages';
import type { Context } from './context';
import { errorOf, warningOf } from './diagnostics';
import { whatIsThere } from './met';
import { planned } from './planned';
import type { Wanted } from './plans';
import { decodePrivate, encodePrivate } from './private-state';
import { notHere, otherGateway } from './refusals';
import { recordedOf } from './rule-state';
import { forwardOf, type Turn } from './turn';
import { wrongRule } from './validate';

type Answer = PlanResourceChangeResponse;

/** Whose a rule is while the provider's configuration is not known: enough to tell the rules of one plan apart. */
const SOMEBODY = 'unknown';

/** What an apply would do to one rule, and everything that would keep it from doing so. */
export function planRule(context: Context): Handler<PlanResourceChangeRequest, Answer> {
  return (request, { signal }) =>
    context.answer<Answer>(() => {
      const config = decode(ruleBlock, request.config);
      const prior = decode(ruleBlock, request.prior_state);
      if (config !== null) return planPut(context, config, prior, request, signal);
      if (prior !== null) return planRemoval(context, prior, request.prior_private, signal);
      throw new PortforwardError('internal', 'The engine plans a rule that neither is nor shall be.');
    }, {});
}

async function planPut(
  context: Context,
  config: Values,
  prior: Values | null,
  { prior_state, prior_private: kept }: PlanResourceChangeRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const declared = toInputs(config);
  const inputs = withDefaults(declared);
  const forward = forwardOf(inputs);
  const wrong = forward === null ? wrongRule(declared) : [];
  if (wrong.length > 0) return { diagnostics: wrong };
  const session = context.configured()?.session ?? null;
  const { turn } = context;
  const old = prior && recordedOf(prior, kept);
  if (old) turn.course.planOld();
  const elsewhere = session && old && (await notHere(session, old, signal));
  if (elsewhere) return { diagnostics: [errorOf(elsewhere)] };

  const given = decodePrivate(kept);
  const due = old !== null && renewalIsDue(old, Date.now());
  const attributes = planned(
    inputs,
    prior && { attributes: prior, due: due || given.unsettled === true },
    session?.options ?? null,
  );

  // A rule that is replaced is planned once more, as if it were new.
  const again = prior === null && given.token !== undefined && turn.plans.has(given.token);
  const token = again ? (given.token as string) : turn.newToken();
  const id = idOf(session, inputs);
  const recorded = old ?? (again ? turn.run.left(token) : id === null ? null : turn.run.before(id));
  const complaint = register(turn, token, { id, forward }, old, session);
  if (complaint) return { diagnostics: [errorOf(complaint)] };

  const met =
    session === null || again || attributes === prior
      ? []
      : await whatIsThere(turn, session, inputs, recorded, id, signal);
  return {
    planned_state:
      attributes === prior ? encodeSame(ruleBlock, prior, prior_state) : encode(ruleBlock, attributes),
    planned_private: encodePrivate({ ...given, token }),
    requires_replace: prior !== null && attributes.name !== prior.name ? [pathOf('name')] : [],
    diagnostics: [...met, ...(due && id !== null ? [renewalWarning(id)] : [])],
  };
}

async function planRemoval(
  context: Context,
  prior: Values,
  kept: Uint8Array,
  signal: AbortSignal,
): Promise<Answer> {
  const session = context.configured()?.session ?? null;
  const recorded = recordedOf(prior, kept);
  const id = session ? `${recorded.owner}/${recorded.inputs.name}` : `${SOMEBODY}/${recorded.inputs.name}`;
  context.turn.course.meet(id);
  const error =
    (session && (await otherGateway(session, recorded, signal))) ??
    context.turn.plans.drop(id, forwardOf({ ...recorded.inputs }));
  return {
    planned_state: encode(ruleBlock, null),
    planned_private: kept,
    ...(error ? { diagnostics: [errorOf(error)] } : {}),
  };
}

/** Takes the rule into the plan beside the others; answers why it cannot be there. */
function register(
  { plans, run, course }: Turn,
  token: string,
  { id, forward }: Omit<Wanted, 'before'>,
  old: RuleState | null,
  session: Session | null,
): PortforwardError | null {
  const before = old && idOf(session, { ...old.inputs });
  if (old) run.leave(token, old);
  const gone = before !== null && before !== id ? plans.drop(before, forwardOf({ ...old?.inputs })) : null;
  const complaint = plans.want(token, { id, forward, before });
  for (const one of [id, before]) if (one !== null) course.meet(one);
  return complaint ?? gone;
}

function idOf(session: Session | null, { name }: LooseInputs): string | null {
  return typeof name === 'string' ? ruleId(session?.options.owner ?? SOMEBODY, name) : null;
}

function renewalWarning(id: string): Diagnostic {
  return warningOf(
    new PortforwardError('stale', `The mapping of ${ruleName(id)} expires soon, and is renewed.`, {
      hint: 'This gateway grants mappings for a time only: apply often enough, for example from a timer.',
    }),
  );
}
