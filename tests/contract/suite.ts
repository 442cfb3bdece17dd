import type { Harness } from './harness';
import { Bench } from './kit';
import { adopting } from './promises/adopting';
import { batches } from './promises/batches';
import { copies } from './promises/copies';
import { drift } from './promises/drift';
import { failures } from './promises/failures';
import { foreign } from './promises/foreign';
import { handOver } from './promises/hand-over';
import { lifecycle } from './promises/lifecycle';
import { places } from './promises/places';
import { previews } from './promises/previews';
import { properties } from './promises/properties';
import { trials } from './promises/trials';
import { writers } from './promises/writers';

/**
 * Everything that the session promises, for one kind of gateway behind it. What the harness cannot do is left out by
 * name, never silently.
 */
export function contract(name: string, harness: Harness): void {
  describe(`the contract, on ${name}`, () => {
    // Some put hundreds of rules on the device, and machines differ.
    jest.setTimeout(30_000);
    const bench = new Bench(harness);
    const promises = {
      lifecycle,
      properties,
      drift,
      foreign,
      adopting,
      handOver,
      copies,
      batches,
      failures,
      writers,
      places,
      previews,
      ...(harness.trials ? { trials } : {}),
    };
    for (const [title, promise] of Object.entries(promises)) describe(title, () => promise(bench));
  });
}
