import { describeWhere } from '../../support/needs';
import type { Case, Group } from './case';
import { table } from './cases';
import { doors } from './doors';
import type { Door } from './doors/door';
import { type Gateway, surroundingsOf } from './gateways';
import { playsHere, whyLeftOut } from './left-out';
import { merged, stepsFor } from './merge';
import { play, type Tables } from './play';

// An engine's command takes seconds, and a test is one case, or all that can be played at once.
jest.setTimeout(300_000);

/** What is played in one project. */
interface Play {
  readonly title: string;
  readonly cases: readonly Case[];
}

/** The conformance table on a gateway, through every door there is. */
export function conformance(gateway: Gateway): void {
  describe(`the conformance table on ${gateway.name}`, () => {
    const groups = table(surroundingsOf(gateway)).map((group) => ({
      ...group,
      cases: group.cases.filter((one) => whyLeftOut(gateway, one) === null),
    }));
    /** By title and door: the tables after each step. */
    const left = new Map<string, Map<string, readonly Tables[]>>();

    const playThrough = (door: Door, title: string, cases: readonly Case[]): void => {
      const steps = cases.flatMap((one) => [stepsFor(one, door.name) ?? []]);
      test(title, async () => {
        const [only] = steps;
        const tables = await play(gateway, door, steps.length === 1 && only ? only : merged(steps));
        // Doors that are meant to differ are compared with the expected tables alone.
        if (cases.some((one) => stepsFor(one, door.name) !== one.steps)) return;
        left.set(title, (left.get(title) ?? new Map()).set(door.name, tables));
      });
    };

    for (const door of doors().filter(({ name }) => gateway.without[name] === undefined))
      describeWhere(door.missing, door.name, () => {
        afterAll(() => door.close?.());
        for (const { title, cases } of plays(
          groups.filter((group) => playsHere(gateway, door.name, group)),
        )) {
          const here = cases.filter((one) => one.elsewhere?.[door.name] === undefined);
          if (here.length > 0) playThrough(door, title, here);
        }
      });

    test('every door left the same tables', () => {
      expect(left.size).toBeGreaterThan(0);
      for (const [title, byDoor] of left) {
        const [tables, ...others] = byDoor.values();
        for (const other of others) expect({ title, tables: other }).toEqual({ title, tables });
      }
    });
  });
}

/** A command of an engine takes seconds: what has nothing in common is declared in one project and run at once. */
function plays(groups: readonly Group[]): readonly Play[] {
  const many = groups.filter(({ together }) => together);
  const alone = groups.filter(({ together }) => !together);
  return [
    {
      title: many.map(({ title }) => title).join('; '),
      cases: many.flatMap(({ cases }) => cases),
    },
    ...alone.flatMap(({ title, cases }) =>
      cases.map((one) => ({ title: `${title}: ${one.name}`, cases: [one] })),
    ),
  ];
}
