/** Characters of a device's words that are kept. */
const LONGEST = 200;

/** A device's words as they may stand in a message: one line, and nothing in it that steers a terminal. */
export function printable(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, LONGEST);
}
