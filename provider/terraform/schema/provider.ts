import {
  gatewayArguments,
  kindArgument,
  ownArguments,
  secretVariable,
  variableArgument,
} from '../../backends/gateway-arguments';
import type { ArgumentFact, BackendKind } from '../../backends/kind';
import { PortforwardError } from '../../rule/error';
import type { LooseInputs } from '../../rule/rule';
import type { Type, Values } from '../codec/type';
import { type Attribute, type Block, makeBlock } from './block';
import { camel, inHcl, snake } from './names';

const TYPES: Readonly<Record<ArgumentFact['type'], Type>> = {
  text: 'string',
  number: 'number',
  boolean: 'bool',
  list: ['list', 'string'],
};

/** The provider's configuration: one gateway, whatever its kind; several gateways are several providers by `alias`. */
export function providerBlock(kinds: readonly BackendKind[]): Block {
  const common = [['kind', kindFact(kinds)] as const, ...Object.entries<ArgumentFact>(gatewayArguments)];
  const own = ofKinds(kinds);
  const attribute = (name: string, uses: readonly Use[]) => argument(name, uses, [...own.keys()]);
  return makeBlock('Port forwarding as code, for any router. One provider configuration is one gateway.', [
    ...common.map(([name, fact]) => attribute(name, [{ fact, sentence: sentenceOf(name, fact), kinds: [] }])),
    ...[...own].map(([name, uses]) => attribute(name, uses)),
  ]);
}

/** The arguments that are set, by their own names; UNKNOWN stays. */
export function toArguments(attributes: Values): LooseInputs {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => (value === null ? [] : [[camel(name), value]])),
  );
}

/** An argument as one kind, or several in the same words, have it. */
interface Use {
  readonly fact: ArgumentFact;
  readonly sentence: string;
  /** Empty = of every kind. */
  readonly kinds: readonly string[];
}

/** What the kinds take beside what every kind takes, by name. */
function ofKinds(kinds: readonly BackendKind[]): ReadonlyMap<string, readonly Use[]> {
  const all = new Map<string, readonly Use[]>();
  for (const kind of kinds)
    for (const [name, fact] of Object.entries(ownArguments(kind))) {
      const sentence = sentenceOf(name, fact);
      const others = all.get(name) ?? [];
      const same = others.find((use) => use.sentence === sentence && use.fact.type === fact.type);
      const use = { fact, sentence, kinds: [...(same?.kinds ?? []), kind.kind] };
      all.set(name, same ? others.with(others.indexOf(same), use) : [...others, use]);
    }
  return all;
}

/** Arguments of several kinds under one name are one attribute, so they must be of one type. */
function argument(name: string, uses: readonly Use[], names: readonly string[]): Attribute {
  const [type, ...others] = new Set(uses.map(({ fact }) => fact.type));
  if (type === undefined || others.length > 0)
    throw new PortforwardError(
      'internal',
      `Kinds of gateways disagree on the type of their argument "${name}".`,
    );
  return {
    name: snake(name),
    type: TYPES[type],
    // Never required: it may come from the environment, and other kinds do not have it.
    set: 'optional',
    description: inHcl(uses.map(told).join(' '), names),
    ...(uses.some(({ fact }) => fact.secret) ? { sensitive: true } : {}),
  };
}

function told({ sentence, kinds }: Use): string {
  return kinds.length === 0 ? sentence : `For ${kinds.map((kind) => `\`${kind}\``).join(', ')}: ${sentence}`;
}

function kindFact(kinds: readonly BackendKind[]): ArgumentFact {
  const list = kinds.map(({ kind, title }) => `\`${kind}\` (${title})`).join(', ');
  return { ...kindArgument, description: `${kindArgument.description} One of: ${list}.` };
}

function sentenceOf(name: string, fact: ArgumentFact): string {
  return [fact.description, ...accepted(fact), unset(name, fact)].filter((part) => part !== '').join(' ');
}

function accepted({ values }: ArgumentFact): string[] {
  return values === undefined ? [] : [`Accepted: ${values.map((value) => `\`"${value}"\``).join(' or ')}.`];
}

function unset(name: string, fact: ArgumentFact): string {
  const { env, default: value, unset: words, required, secret } = fact;
  if (secret) {
    const variable = snake(variableArgument(name));
    return `Default: what the environment variable holds that \`${variable}\` names, else \`${secretVariable(name)}\`.`;
  }
  if (required)
    return env === undefined ? 'Required.' : `Required, here or as the environment variable \`${env}\`.`;
  const last = value === undefined ? words : `\`${JSON.stringify(value)}\``;
  const steps = [
    ...(env === undefined ? [] : [`the environment variable \`${env}\``]),
    ...(last ? [last] : []),
  ];
  return steps.length === 0 ? '' : `Default: ${steps.join(', else ')}.`;
}
