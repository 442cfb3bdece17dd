import { checkRule } from '../rule/check';
import { ruleId } from '../rule/identity';
import type { Failure, RuleInputs } from '../rule/rule';
import { partialState } from '../session/failures';
import { stateAt, stateOf } from '../session/outputs';
import { Repeats } from '../session/repeats';
import { Run } from '../session/run';
import type { Session } from '../session/session';
import type { RuleState } from '../session/state';
import { type Config, openSession, type Surroundings } from './configuration';
import { type DiffAnswer, diffRule, leftBehind, notApart } from './diff';
import { inputsOf, outputsOf, type Properties, ruleInputs } from './outputs';
import { ReportedError } from './report';

/** The methods that Pulumi's dynamic provider process calls, in the shape it expects. */
export interface DynamicProvider {
  configure(request: { readonly config: Config }): Promise<void>;
  check(olds: Properties, news: Properties): Promise<{ inputs: Properties; failures: readonly Failure[] }>;
  diff(id: string, olds: Properties, news: Properties): Promise<DiffAnswer>;
  create(news: Properties): Promise<{ id: string; outs: Properties }>;
  read(id: string, outputs: Properties): Promise<{ id?: string; props?: Properties; inputs?: Properties }>;
  update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }>;
  delete(id: string, outputs: Properties): Promise<void>;
}

/**
 * The front door for Pulumi: translates between its provider process and the session of the configured gateway.
 * Nothing is decided here but what a diff means to Pulumi.
 */
export function dynamicProvider(surroundings: Surroundings): DynamicProvider {
  // Pulumi calls methods while `configure` still runs, and calls it once only: every method awaits this promise,
  // and a failed configuration fails each of them with its own words.
  let ready = opened({ get: () => undefined }, surroundings);
  // A provider process lives for one run of the engine.
  const run = new Run();
  const repeats = new Repeats();

  const reported = async <T>(work: (session: Session) => Promise<T>): Promise<T> => {
    const session = await ready.catch((error) => {
      throw new ReportedError(error);
    });
    try {
      return await work(session);
    } catch (error) {
      if (error instanceof ReportedError) throw error;
      throw new ReportedError(repeats.say(error, session.options.gatewayName));
    }
  };

  return {
    configure: async ({ config }) => {
      ready = opened(config, surroundings);
    },

    check: (olds, news) =>
      reported(async (session) => {
        const inputs = ruleInputs(news);
        const wrong = checkRule(inputs);
        // For a replacement Pulumi checks once more, as if the rule were new.
        const recorded = before(session, olds) ?? run.left(news.name);
        const failures = wrong.length > 0 ? wrong : await session.check(inputs, recorded);
        // The very inputs that came: no default filled in, no spelling touched.
        return { inputs: news, failures };
      }),

    diff: (_id, olds, news) =>
      reported(async (session) => {
        const recorded = stateOf(olds);
        const { options, device } = session;
        const answer = diffRule(recorded, ruleInputs(news), { ...options, device }, Date.now());
        if (answer.replaces) run.leave(news.name, recorded);
        if (answer.deleteBeforeReplace === false) run.leaveLater(news.name, recorded);
        return answer;
      }),

    create: (news) =>
      reported(async (session) => {
        const inputs = ruleInputs(news) as unknown as RuleInputs;
        const id = ruleId(session.options.owner, inputs.name);
        const old = run.leftLater(inputs.name);
        const together = old && notApart(old, (await session.info()).device, session.options);
        if (together) throw together;
        const work = partly(id, news, () => session.create(inputs));
        run.make(id, work);
        return { id, outs: outputsOf(await work) };
      }),

    read: (id, outputs) =>
      reported(async (session) => {
        // With the option `id` Pulumi sends inputs only: then what stands on this gateway is meant.
        const recorded = outputs.owner === undefined ? before(session, outputs) : stateOf(outputs);
        const lost = recorded && leftBehind(recorded, session.options);
        if (lost) throw lost;
        const state = recorded && (await session.read(recorded));
        return state === null ? {} : { id, props: outputsOf(state), inputs: inputsOf(state) };
      }),

    update: (id, olds, news) =>
      reported(async (session) => {
        const inputs = ruleInputs(news) as unknown as RuleInputs;
        const state = await partly(id, news, () => session.update(stateOf(olds), inputs));
        return { outs: outputsOf(state) };
      }),

    delete: (id, outputs) =>
      reported((session) => run.unlessMade(id, () => session.delete(stateOf(outputs)))),
  };
}

function opened(config: Config, surroundings: Surroundings): Promise<Session> {
  const session = new Promise<Session>((resolve) => resolve(openSession(config, surroundings)));
  session.catch(() => undefined);
  return session;
}

/** A rule of which Pulumi tells the inputs only, never the state, as it does to `check`. Null when there is none. */
function before(session: Session, olds: Properties): RuleState | null {
  return olds.name === undefined ? null : stateAt(session.options, olds);
}

/** Where entries stand on the gateway although the call failed, Pulumi records them with the failure. */
async function partly(id: string, news: Properties, work: () => Promise<RuleState>): Promise<RuleState> {
  try {
    return await work();
  } catch (error) {
    const state = partialState(error);
    if (state === null) throw error;
    const properties = { ...outputsOf(state), __provider: news.__provider };
    throw new ReportedError(error, { id, properties, reasons: [(error as Error).message] });
  }
}
