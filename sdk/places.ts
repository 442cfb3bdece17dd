import * as pulumi from '@pulumi/pulumi';
import type { BackendKind } from '../provider/backends/kind';
import { knownNow } from './known';
import { RuleSet } from './rule-set';
import { Verdict } from './verdict';

interface Program {
  readonly verdict: Verdict;
  readonly sets: Map<string, RuleSet>;
}

/** Shared by all copies of this package in one process, apart for each run of a program in it. */
const shared = globalThis as { [key: symbol]: WeakMap<object, Program> | undefined };
const KEY = Symbol.for('portforward.programs');
const programs = shared[KEY] ?? new WeakMap<object, Program>();
shared[KEY] = programs;

/**
 * The rules of a gateway in the running program. Two Gateway resources that name one owner on one device share them:
 * each has a process of its own, and neither would see what the other does.
 */
export function ruleSetOf(name: string, place: string | null): RuleSet {
  const { verdict, sets } = running();
  const known = place === null ? undefined : sets.get(place);
  if (known !== undefined) return known;
  const set = new RuleSet(name, verdict);
  if (place !== null) sets.set(place, set);
  return set;
}

/** What tells one device and owner from another, or null while a part of it is not known. */
export function placeOf(kind: BackendKind, args: object, owner: unknown): string | null {
  const given = knownNow({ ...args, owner }) as Record<string, unknown>;
  const parts = Object.entries(kind.arguments)
    .filter(([, fact]) => !fact.secret)
    .map(([argument, fact]) => given[argument] ?? fact.default ?? null);
  const place = [kind.kind, given.owner, ...parts];
  return place.every((part) => typeof part !== 'symbol') ? JSON.stringify(place) : null;
}

function running(): Program {
  const stack = pulumi.runtime.getStackResource();
  const program = (stack && programs.get(stack)) ?? { verdict: new Verdict(), sets: new Map() };
  if (stack) programs.set(stack, program);
  return program;
}
