import type { Family } from './address';

/** A family that something implies, and what fw4 calls it. */
export type Implied = readonly [family: 0 | Family | undefined, what: string];

/**
 * The family that all agree on: of the option `family`, and of everything that has addresses of one family only. Words
 * where they do not agree, since fw4 leaves such a rule out with a warning.
 */
export function infer(
  wanted: 0 | Family | undefined,
  implied: readonly Implied[],
): 0 | Family | undefined | string {
  let result = wanted;
  for (const [family, what] of implied) {
    if (!family || family === result) continue;
    if (result) return `is restricted to IPv${result} but referenced ${what} is IPv${family} only`;
    result = family;
  }
  return result;
}
