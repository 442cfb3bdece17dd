import type { Group, Surroundings } from '../case';
import { changes } from './changes';
import { drift } from './drift';
import { handOver } from './hand-over';
import { interrupted } from './interrupted';
import { places } from './places';
import { refusals } from './refusals';

/** The conformance table: what every front door has to do, on a gateway in these surroundings. */
export function table(surroundings: Surroundings): readonly Group[] {
  return [
    changes(surroundings),
    drift(surroundings),
    handOver(),
    refusals(surroundings),
    places(surroundings),
    interrupted(),
  ];
}
