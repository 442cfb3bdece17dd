import type { Entry } from '../../backends/backend';
import { changeOf } from '../change';
import { nameOf } from '../describe';
import type { Finding } from './finding';

/** The command that compares with the gateway and runs the declaration again. */
const REPAIR = '`pulumi up --refresh --run-program`';

/** Rules of ours that are not, or may not be, as they were declared. */
export function checkChanges(ours: readonly Entry[]): Finding[] {
  return ours.flatMap((entry): Finding[] => {
    const name = nameOf(entry);
    const change = changeOf(entry);
    const findings: Finding[] = [];
    if (change !== null) {
      findings.push({
        check: 'changed',
        status: 'fail',
        message: `${name} was changed by hand: ${change}.`,
        hint: `Run ${REPAIR} to put it back.`,
      });
    }
    if (!entry.forward.enabled) {
      // A rule that is declared off looks the same on the gateway.
      findings.push({
        check: 'off',
        status: 'warn',
        message: `${name} is switched off; if you did not declare that, somebody switched it off by hand.`,
        hint: `Then run ${REPAIR} to put it back.`,
      });
    }
    return findings;
  });
}
