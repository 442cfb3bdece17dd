import { checkRule } from '../../rule/check';
import type { LooseInputs } from '../../rule/rule';
import { decode } from '../codec/decode';
import { ruleBlock } from '../schema/rule';
import { toInputs } from '../schema/rule-values';
import type { Handler } from '../wire/handlers';
import type { Diagnosed, Diagnostic, ValidateResourceConfigRequest } from '../wire/messages';
import type { Context } from './context';
import { failureOf } from './diagnostics';
import { hinted } from './hints';

/** Everything that is wrong with a rule by itself. No gateway is asked, and what is unknown passes. */
export function validateRule(context: Context): Handler<ValidateResourceConfigRequest, Diagnosed> {
  return ({ config }) =>
    context.answer<Diagnosed>(() => {
      const attributes = decode(ruleBlock, config);
      return { diagnostics: attributes === null ? [] : wrongRule(toInputs(attributes)) };
    }, {});
}

/** The same for a plan, in which more may be known. */
export function wrongRule(inputs: LooseInputs): Diagnostic[] {
  return checkRule(inputs).map((failure) =>
    failureOf('ERROR', `Wrong value of ${failure.property}`, hinted(failure, inputs)),
  );
}
