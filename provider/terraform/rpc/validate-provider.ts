import { checkArguments, kindProblem } from '../../backends/check-arguments';
import { isUnset } from '../../rule/known';
import { UNKNOWN } from '../../rule/rule';
import { decode } from '../codec/decode';
import type { Block } from '../schema/block';
import { toArguments } from '../schema/provider';
import type { Handler } from '../wire/handlers';
import type { Diagnosed, ValidateProviderConfigRequest } from '../wire/messages';
import type { Surroundings } from './configure';
import type { Context } from './context';
import { failureOf } from './diagnostics';

const SUMMARY = 'Wrong configuration of the gateway';

/** What is wrong whatever the environment holds: what is missing may come from there, and validation runs without it. */
export function validateProvider(
  context: Context,
  block: Block,
  { kinds }: Surroundings,
): Handler<ValidateProviderConfigRequest, Diagnosed> {
  return ({ config }) =>
    context.answer<Diagnosed>(() => {
      const given = toArguments(decode(block, config) ?? {});
      if (isUnset(given.kind) || given.kind === UNKNOWN) return {};
      const kind = kinds.find((one) => one.kind === given.kind);
      const failures =
        kind === undefined
          ? [
              {
                property: 'kind',
                reason:
                  kindProblem(
                    given.kind,
                    kinds.map((one) => one.kind),
                  ) ?? '',
              },
            ]
          : checkArguments(given, kind);
      return { diagnostics: failures.map((failure) => failureOf('ERROR', SUMMARY, failure)) };
    }, {});
}
