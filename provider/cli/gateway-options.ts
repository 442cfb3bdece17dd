import { type Command, Option } from 'commander';
import { kindArgument } from '../backends/gateway-arguments';
import type { ArgumentFact, BackendKind } from '../backends/kind';
import { findKind, kindNames } from '../backends/registry';
import { PortforwardError } from '../rule/error';
import { Session } from '../session/session';

/** Values of the flags, by commander's names. */
export type Flags = Readonly<Record<string, unknown>>;

const DEFAULT_KIND = 'agent';
const DEFAULT_TIMEOUT = 10;

/**
 * Adds the flags that name a gateway: `--kind`, and one per argument in the registry's tables. A secret has no flag
 * of its own, for arguments show in process lists; `--<secret>-env` names the variable that holds it.
 */
export function addGatewayOptions(command: Command): Command {
  command.addOption(
    new Option('--kind <kind>', 'kind of gateway')
      .choices([...kindNames()])
      .env(kindArgument.env)
      .default(DEFAULT_KIND),
  );
  for (const [name, { fact, kinds }] of everyArgument()) {
    const only = kinds.length === kindNames().length ? '' : ` (${kinds.join(', ')})`;
    command.addOption(optionOf(name, fact, only));
  }
  return command.addOption(
    new Option('--timeout <seconds>', 'how long one call may take')
      .default(DEFAULT_TIMEOUT)
      .argParser((text) => positive('timeout', text)),
  );
}

/** The session of the gateway that the flags and the environment name. Throws `invalid`. Nothing is sent yet. */
export function openGateway(
  flags: Flags,
  env: Readonly<Record<string, string | undefined>>,
): { kind: BackendKind; endpoint: string; session: Session } {
  const kind = findKind(String(flags.kind));
  if (!kind) throw new PortforwardError('invalid', `There is no kind of gateway "${flags.kind}".`);
  const args: Record<string, unknown> = {};
  for (const [name, fact] of Object.entries(kind.arguments)) {
    const key = fact.secret ? `${name}Env` : name;
    if (flags[key] !== undefined) args[key] = flags[key];
  }
  const config = kind.parse(args, env);
  const endpoint = kind.endpoint(config);
  const session = new Session(kind.connect(config), {
    // Only looks: no rule is ever written under this name.
    owner: 'portforward/cli',
    gatewayName: kind.kind,
    endpoint,
    timeout: Number(flags.timeout ?? DEFAULT_TIMEOUT) * 1000,
  });
  return { kind, endpoint, session };
}

function everyArgument(): Map<string, { fact: ArgumentFact; kinds: string[] }> {
  const all = new Map<string, { fact: ArgumentFact; kinds: string[] }>();
  for (const kindName of kindNames()) {
    for (const [name, fact] of Object.entries(findKind(kindName)?.arguments ?? {})) {
      const known = all.get(name);
      if (known) known.kinds.push(kindName);
      else all.set(name, { fact, kinds: [kindName] });
    }
  }
  return all;
}

function optionOf(name: string, fact: ArgumentFact, only: string): Option {
  if (fact.secret) {
    return new Option(`--${dashed(name)}-env <variable>`, `environment variable that holds ${name}${only}`);
  }
  const help = `${fact.description}${only}${hintsOf(fact)}`;
  switch (fact.type) {
    case 'boolean':
      return new Option(`--${dashed(name)}`, help);
    case 'number':
      return new Option(`--${dashed(name)} <number>`, help).argParser((text) => positive(name, text));
    case 'list':
      return new Option(`--${dashed(name)} <value>`, `${help}; may be repeated`).argParser(
        (text: string, earlier: string[] | undefined) => [...(earlier ?? []), text],
      );
    default:
      return new Option(`--${dashed(name)} <${name}>`, help);
  }
}

function hintsOf(fact: ArgumentFact): string {
  const hints = [
    ...(fact.env ? [`env: ${fact.env}`] : []),
    ...(fact.default === undefined ? [] : [`default: ${fact.default}`]),
  ];
  return hints.length > 0 ? ` (${hints.join(', ')})` : '';
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new PortforwardError('invalid', `--${dashed(name)} is "${text}".`, {
    hint: 'It takes a number above 0.',
  });
}

/** `caFile` -> `ca-file`. */
function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
