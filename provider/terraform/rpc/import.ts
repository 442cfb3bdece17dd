import type { Entry } from '../../backends/backend';
import { PortforwardError } from '../../rule/error';
import { fold } from '../../rule/fold';
import { naturalKey, ruleId, splitId, tagOf } from '../../rule/identity';
import { readNaturalKey } from '../../rule/natural-key';
import { quote } from '../../rule/quote';
import { byMark } from '../../session/facts';
import { adoptWord, describe, notAdoptable } from '../../session/messages';
import { stateAt } from '../../session/outputs';
import { standing } from '../../session/ownership';
import type { Session } from '../../session/session';
import type { RuleState } from '../../session/state';
import { encode } from '../codec/encode';
import { ruleBlock } from '../schema/rule';
import type { Handler } from '../wire/handlers';
import type { ImportResourceStateRequest, ImportResourceStateResponse } from '../wire/messages';
import type { Context } from './context';
import { encodePrivate, privateOf } from './private-state';
import { notImported } from './refusals';
import { attributesOf } from './rule-state';

/** A rule of our owner that is on the gateway, by `<owner>/<name>`, by its name alone, or by what it takes: `tcp:443`. */
export function importRule(
  context: Context,
): Handler<ImportResourceStateRequest, ImportResourceStateResponse> {
  return ({ type_name, id }, { signal }) =>
    context.answer<ImportResourceStateResponse>(async () => {
      const gateway = context.configured();
      if (gateway === null)
        throw new PortforwardError(
          'unreachable',
          'The configuration of the gateway is not known yet, so nothing can be imported from it.',
          {
            hint: 'Apply first what the configuration depends on (-target), then import.',
          },
        );
      const { session } = gateway;
      const state = await found(id, session, signal).catch((error: unknown) => {
        throw notImported(error);
      });
      const { attributes, warnings } = attributesOf(state, null);
      const imported = {
        type_name,
        state: encode(ruleBlock, attributes),
        private: encodePrivate(privateOf(state)),
      };
      return { imported_resources: [imported], diagnostics: warnings };
    }, {});
}

/** The live rule that the user's word means. */
async function found(word: string, session: Session, signal: AbortSignal): Promise<RuleState> {
  const name = await nameOf(word, session, signal);
  const state = await session.read(stateAt(session.options, { name }), signal);
  if (state === null) throw nothingThere(word, ruleId(session.options.owner, name), session);
  return state;
}

/** The name of the rule that the user's word means. */
async function nameOf(word: string, session: Session, signal: AbortSignal): Promise<string> {
  const { owner } = session.options;
  const key = readNaturalKey(word);
  if (key !== null) return nameByKey(word, key, session, signal);
  const id = splitId(word) ?? splitId(`${owner}/${word}`);
  if (id === null)
    throw new PortforwardError('invalid', `${quote(word)} does not name a rule.`, {
      hint: `Accepted: "${owner}/<name>", the name alone, or what the rule takes, such as "tcp:443".`,
    });
  if (id.owner === owner) return id.name;
  throw new PortforwardError(
    'invalid',
    `${quote(word)} is a rule of the owner "${id.owner}"; the provider is configured for the owner "${owner}".`,
    {
      hint: `Import it with a provider that has owner = "${id.owner}".`,
    },
  );
}

async function nameByKey(word: string, key: string, session: Session, signal: AbortSignal): Promise<string> {
  const entries = await session.list(signal);
  const { owner } = session.options;
  // A rule that the gateway holds as several entries is meant by what they take together, or by one of them.
  const whole = [...byMark(entries).values()].filter(
    (parts) => naturalKey(fold(parts.map(({ forward }) => forward))) === key,
  );
  const found =
    whole.length > 0
      ? whole.map((parts) => parts[0] as Entry)
      : entries.filter(({ forward }) => naturalKey(forward) === key);
  const names = new Set<string>();
  for (const entry of found) {
    const whose = standing(entry, owner, new Map());
    const name = whose.kind === 'owned' ? splitId(whose.id)?.name : undefined;
    if (name !== undefined) names.add(name);
  }
  const [name, ...others] = names;
  if (name !== undefined && others.length === 0) return name;
  if (name !== undefined)
    throw new PortforwardError('invalid', `${quote(word)} names several rules: ${[...names].join(', ')}.`, {
      hint: 'Import them by their names.',
    });
  const [entry] = found;
  if (entry !== undefined) throw notOurs(entry, owner);
  throw new PortforwardError(
    'invalid',
    `There is no entry ${key} on gateway "${session.options.gatewayName}".`,
    {
      hint: 'The data source portforward_rules, or the command "portforward list", shows what is there.',
    },
  );
}

function notOurs(entry: Entry, owner: string): PortforwardError {
  const whose = standing(entry, owner, new Map());
  const why = notAdoptable(entry);
  const take =
    why === null
      ? `To take it over, write a portforward_rule for it with adopt = "${adoptWord(entry)}" and apply that.`
      : `It cannot be taken over: ${why}.`;
  if (whose.kind === 'stranger' && whose.owner === null)
    return new PortforwardError(
      'foreign',
      `${describe(entry)} was written by portforward, but the gateway has no room to say for whom.`,
      {
        hint: `If it is a rule of the owner "${owner}", import it by its name.`,
      },
    );
  const text =
    whose.kind === 'stranger'
      ? `${describe(entry)} is a rule of the owner "${whose.owner}".`
      : `${describe(entry)} is not ours, so it cannot be imported.`;
  return new PortforwardError('foreign', text, { hint: take });
}

function nothingThere(word: string, id: string, { options }: Session): PortforwardError {
  return new PortforwardError(
    'invalid',
    `There is no rule "${id}" on gateway "${options.gatewayName}" (nothing there carries the mark pf1_${tagOf(id)}).`,
    {
      hint:
        word === id
          ? 'Look at the owner and the name: the data source portforward_rules shows what is there.'
          : `${quote(word)} was read as the name of a rule of the owner "${options.owner}". The data source portforward_rules shows what is there.`,
    },
  );
}
