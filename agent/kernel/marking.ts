import { accept, ct, meta, type Rule, setBit } from './expression';

/** What follows the counter in the rule by which an entry admits: the same for all of them. */
export interface Markings {
  readonly forward: Marking;
  readonly pinhole: Marking;
}

interface Marking {
  readonly written: Rule;
  /** It as JSON, for comparing. */
  readonly text: string;
}

/** With this bit. A pinhole ends here, for there is nothing to translate. */
export function markingsOf(mark: number): Markings {
  const marking = (...written: Rule): Marking => ({ written, text: JSON.stringify(written) });
  const first = setBit(ct('mark'), mark);
  return { forward: marking(first), pinhole: marking(first, setBit(meta('mark'), mark), accept) };
}
