import * as pulumi from '@pulumi/pulumi';
import { type LooseInputs, UNKNOWN } from '../provider/rule/rule';

/** The part of an Output that knows whether its value is known; Pulumi's own copies rely on it among each other. */
interface Peek {
  readonly isKnown: Promise<boolean>;
  promise(withUnknowns: boolean): Promise<unknown>;
}

/** What is known without waiting: Outputs and promises, also nested ones, become UNKNOWN. */
export function knownNow(value: unknown): unknown {
  if (pulumi.Output.isInstance(value) || value instanceof Promise || pulumi.isUnknown(value)) return UNKNOWN;
  return mapPlain(value, knownNow);
}

/** Waits for Outputs and promises; what stays unknown in a preview becomes UNKNOWN. Rejects as they reject. */
export async function settle(value: unknown): Promise<unknown> {
  if (pulumi.Output.isInstance(value)) {
    const output = value as unknown as Peek;
    const [known, inner] = await Promise.all([output.isKnown, output.promise(true)]);
    return known || pulumi.containsUnknowns(inner) ? knownNow(inner) : UNKNOWN;
  }
  if (value instanceof Promise) return settle(await value);
  if (pulumi.isUnknown(value)) return UNKNOWN;
  if (Array.isArray(value)) return Promise.all(value.map(settle));
  if (isPlain(value)) return settleEach(value);
  return value;
}

/** The same for each property; properties that are undefined are left out, as Pulumi leaves them out. */
export async function settleEach(inputs: Readonly<Record<string, unknown>>): Promise<LooseInputs> {
  const pairs = await Promise.all(
    Object.entries(inputs).map(async ([key, value]) => [key, await settle(value)] as const),
  );
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}

/** True when nothing in it waits for another resource. */
export function isSettled(value: unknown): boolean {
  if (value === UNKNOWN) return false;
  if (Array.isArray(value)) return value.every(isSettled);
  return !isPlain(value) || Object.values(value).every(isSettled);
}

function mapPlain(value: unknown, map: (inner: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(map);
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, map(inner)]));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
