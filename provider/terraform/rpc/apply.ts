import { PortforwardError } from '../../rule/error';
import type { RuleInputs } from '../../rule/rule';
import { onAbort } from '../../session/abort';
import { ownError, partialState } from '../../session/failures';
import type { Session } from '../../session/session';
import type { RuleState } from '../../session/state';
import { decode } from '../codec/decode';
import { encode } from '../codec/encode';
import type { Values } from '../codec/type';
import { ruleBlock } from '../schema/rule';
import { toInputs } from '../schema/rule-values';
import type { Handler } from '../wire/handlers';
import type { ApplyResourceChangeRequest, ApplyResourceChangeResponse } from '../wire/messages';
import type { Context } from './context';
import { errorOf } from './diagnostics';
import { settled } from './planned';
import { decodePrivate, encodePrivate, type Private, privateOf } from './private-state';
import { otherGateway } from './refusals';
import { attributesOf, recordedOf } from './rule-state';
import type { Turn } from './turn';

type Answer = ApplyResourceChangeResponse;

/** Makes one rule so, or removes it. What the answer holds is recorded, also with an error. */
export function applyRule(context: Context): Handler<ApplyResourceChangeRequest, Answer> {
  return (request, { signal }) => {
    const prior = decode(ruleBlock, request.prior_state);
    const kept = decodePrivate(request.planned_private);
    const unchanged = { new_state: encode(ruleBlock, prior), private: encodePrivate(lasting(kept)) };
    return context.answer<Answer>(async () => {
      const session = context.configured()?.session;
      if (!session)
        throw new PortforwardError('internal', 'The engine applies before it knows the configuration.');
      const { course } = context.turn;
      course.write();
      const wanted = decode(ruleBlock, request.planned_state);
      const recorded = prior && recordedOf(prior, request.planned_private);
      if (recorded) {
        const id = `${recorded.owner}/${recorded.inputs.name}`;
        if (recorded.owner === session.options.owner) session.meet(id);
        course.meet(id);
      }
      // What was sent is finished, and the answer still recorded: to give it up would leave a guess in the state.
      const deafen = onAbort(signal, () => session.stop());
      try {
        if (wanted === null) {
          if (recorded) await remove(session, context.turn, recorded, signal);
          return { new_state: encode(ruleBlock, null) };
        }
        if (recorded === null) return await create(session, context.turn, wanted);
        return await update(session, recorded, wanted);
      } finally {
        deafen();
      }
    }, unchanged);
  };
}

async function create(session: Session, { run }: Turn, wanted: Values): Promise<Answer> {
  const inputs = toInputs(wanted) as unknown as RuleInputs;
  try {
    const work = session.create(inputs);
    run.make(wanted.id as string, work);
    return done(await work, wanted);
  } catch (error) {
    const partial = partialState(error);
    if (partial === null) throw error;
    // What was taken over from others is never removed because the rest of the work failed.
    const withdrawn =
      inputs.adopt === undefined &&
      (await session.delete(partial).then(
        () => true,
        () => false,
      ));
    if (withdrawn) throw error;
    return { ...halfDone(partial), diagnostics: [errorOf(tainted(error))] };
  }
}

async function update(session: Session, recorded: RuleState, wanted: Values): Promise<Answer> {
  try {
    return done(await session.update(recorded, toInputs(wanted) as unknown as RuleInputs), wanted);
  } catch (error) {
    const partial = partialState(error);
    if (partial === null) throw error;
    return { ...halfDone(partial), diagnostics: [errorOf(error)] };
  }
}

async function remove(
  session: Session,
  { run }: Turn,
  recorded: RuleState,
  signal: AbortSignal,
): Promise<void> {
  const elsewhere = await otherGateway(session, recorded, signal);
  if (elsewhere) throw elsewhere;
  const id = `${recorded.owner}/${recorded.inputs.name}`;
  await run.unlessMade(id, () => session.delete(recorded));
}

function done(state: RuleState, wanted: Values): Answer {
  const { attributes } = attributesOf(state, wanted);
  return {
    new_state: encode(ruleBlock, settled(wanted, attributes)),
    private: encodePrivate(privateOf(state)),
  };
}

/** Entries are there although the write failed: the next plan makes an update of it, whatever the attributes say. */
function halfDone(state: RuleState): Answer {
  return {
    new_state: encode(ruleBlock, attributesOf(state, null).attributes),
    private: encodePrivate({ ...privateOf(state), unsettled: true }),
  };
}

/** The engine takes a resource whose create failed for broken, and would replace it. */
function tainted(thrown: unknown): PortforwardError {
  const { code, summary, hint, property } = ownError(thrown);
  const rest =
    "Its entries are on the gateway, and the engine will replace the rule; to mend it in place instead, run the engine's command untaint for it first.";
  return new PortforwardError(code, summary, {
    hint: hint === undefined ? rest : `${hint} ${rest}`,
    ...(property === undefined ? {} : { property }),
  });
}

/** What outlives the plan. */
function lasting({ token: _token, ...kept }: Private): Private {
  return kept;
}
