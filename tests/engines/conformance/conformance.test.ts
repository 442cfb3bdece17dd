import { describeWhere } from '../../support/needs';
import type { Case, Group } from './case';
import { table } from './cases';
import { doors } from './doors';
import type { Door } from './doors/door';
import { can, type Gateway, gateways, surroundingsOf } from './gateways';
import { merged, stepsFor } from './merge';
import { play, type Tables } from './play';

// An engine's command takes seconds, and a test is one case, or all that can be played at once.
jest.setTimeout(300_000);

/** The cases that this gateway can be brought into. */
function groupsOf(gateway: Gateway): readonly Group[] {
  return table(surroundingsOf(gateway)).map((group) => ({
    ...group,
    cases: group.cases.filter(({ needs = [] }) => needs.every((need) => can(gateway, need))),
  }));
}

/** What is played in one project: a title, and the cases. */
function plays(group: Group): readonly { readonly title: string; readonly cases: readonly Case[] }[] {
  if (group.together) return [{ title: group.title, cases: group.cases }];
  return group.cases.map((one) => ({ title: `${group.title}: ${one.name}`, cases: [one] }));
}

for (const gateway of gateways)
  describe(`the conformance table on ${gateway.name}`, () => {
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

    for (const door of doors)
      describeWhere(door.missing ?? gateway.without?.[door.name] ?? null, door.name, () => {
        for (const group of groupsOf(gateway))
          for (const { title, cases } of plays(group)) {
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
