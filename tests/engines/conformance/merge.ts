import type { Act, Case, Changes, Program, Step } from './case';

/** The steps of cases that have nothing in common, as the steps of one: the first of each, then the second of each. */
export function merged(cases: readonly (readonly Step[])[]): readonly Step[] {
  const length = Math.max(...cases.map((steps) => steps.length));
  const programs: Program[] = cases.map(() => ({}));
  return Array.from({ length }, (_, index) => {
    const now = cases.map((steps) => steps[index] ?? {});
    for (const [at, { program }] of now.entries()) programs[at] = program ?? learnt(programs[at] ?? {});
    const behind: readonly Act[] = now.flatMap((step) => step.behind ?? []);
    const changes = disjoint(now.map(({ plan }) => (plan && 'changes' in plan ? plan.changes : {})));
    const destroys = now.some(({ run }) => run === 'destroy');
    return {
      program: disjoint(programs),
      behind,
      ...(destroys ? { run: 'destroy', stands: [{}] } : { plan: { changes } }),
    };
  });
}

/** What was late is known once it was applied. */
export function learnt(program: Program): Program {
  return Object.fromEntries(
    Object.entries(program).map(([address, { late: _, ...declared }]) => [address, declared]),
  );
}

/** Two cases that meant one rule would prove nothing. */
function disjoint<T extends Program | Changes>(parts: readonly T[]): T {
  const all = parts.flatMap((part) => Object.entries(part));
  const names = all.map(([name]) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0) throw new Error(`two cases speak of ${twice.join(', ')}`);
  return Object.fromEntries(all) as T;
}

/** The steps of a case for a door, null where the door cannot be brought into it. */
export function stepsFor({ steps, differs = [] }: Case, door: string): readonly Step[] | null {
  const difference = differs.find(({ doors }) => doors.some((one) => one === door));
  return difference === undefined ? steps : difference.steps;
}
