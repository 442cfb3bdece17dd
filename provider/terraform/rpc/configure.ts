import type { BackendKind } from '../../backends/kind';
import { readArguments, readKind } from '../../backends/read-arguments';
import { PortforwardError } from '../../rule/error';
import { isUnknown } from '../../rule/known';
import { Session } from '../../session/session';
import { decode } from '../codec/decode';
import type { Block } from '../schema/block';
import { toArguments } from '../schema/provider';
import type { Handler } from '../wire/handlers';
import type { ConfigureProviderRequest, Diagnosed } from '../wire/messages';
import type { Context } from './context';
import { Turn } from './turn';

/** What a provider needs of its surroundings. */
export interface Surroundings {
  readonly kinds: readonly BackendKind[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * Takes the gateway for this process, so that no other configuration of the same run has it too; the release goes with
   * the process. Throws where another one has it. Absent = nobody else can.
   */
  readonly reserve?: (owner: string, endpoint: string, gatewayName: string) => void;
}

/** Makes the session of the configured gateway. Nothing is sent yet. */
export function configure(
  context: Context,
  block: Block,
  { kinds, env, reserve }: Surroundings,
): Handler<ConfigureProviderRequest, Diagnosed> {
  let configured: string | null = null;
  return ({ config }) =>
    context.answer<Diagnosed>(() => {
      const given = toArguments(decode(block, config) ?? {});
      const text = JSON.stringify(given, (_, value) =>
        typeof value === 'symbol' ? { unknown: true } : value,
      );
      if (configured !== null && configured !== text)
        throw new PortforwardError(
          'invalid',
          'This process serves one configuration of the provider, and got a second one.',
          { hint: 'Let the engine start a process for each, as it does by itself.' },
        );
      context.turn = new Turn();
      if (configured === text) return {};
      if (Object.values(given).some(isUnknown)) {
        context.gateway = 'unknown';
        configured = text;
        return {};
      }
      const kind = readKind(given, kinds, env);
      const { config: parsed, ...settings } = readArguments(kind, given, env);
      reserve?.(settings.owner, settings.endpoint, settings.gatewayName);
      const session = new Session(kind.connect(parsed), { ...settings, warn: context.warn });
      context.gateway = { kind, session };
      configured = text;
      return {};
    }, {});
}
