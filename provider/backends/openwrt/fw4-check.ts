import type { Reply } from './client';
import { plainText } from './plain-text';
import type { Section } from './sections';
import { sectionIds } from './sections';

/**
 * Why sections were not loaded, by their names, from what `fw4 check` writes to stderr (fw4.uc, warn_section):
 * `[!] Section <id> (<name>) <words>`. Under the empty name stands why nothing at all can be loaded.
 */
export function readCheck(
  reply: Reply | undefined,
  sections: readonly Section[],
): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  if (!reply?.ok) return reasons;
  const names = new Map([...sectionIds(sections)].map(([name, id]) => [id, name]));
  const text = plainText(reply.data?.stderr).slice(0, MAX_TEXT);
  for (const line of text.split('\n')) {
    const error = /Error: (.+)$/.exec(line);
    if (error) reasons.set('', `nft refuses the whole ruleset (${clean(error[1] as string)})`);
    const warning = /^\[!\] Section (\S+) (?:\([^)]*\) )?(.+)$/.exec(line);
    const name = names.get(warning?.[1] ?? '');
    // The last words only say that the section is skipped; the first say why.
    if (
      warning &&
      name !== undefined &&
      !reasons.has(name) &&
      !/^specifies unknown option/.test(warning[2] ?? '')
    )
      reasons.set(name, clean(warning[2] as string));
  }
  return reasons;
}

const MAX_TEXT = 200_000;

function clean(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, 160);
}
