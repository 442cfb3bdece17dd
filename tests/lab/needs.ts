import { labSupport } from '../../lab/namespaces/support';
import type { Missing } from '../support/needs';

/** Why this machine cannot hold the lab, or null. */
export function missingForLab(): Missing {
  const support = labSupport();
  return support.supported ? null : support.reason;
}
