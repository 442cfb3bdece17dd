/** A shell pattern: `*` and `?` match any character, slashes too; a backslash is a character like any other. */
export function fnmatch(pattern: string, text: string): boolean {
  return compiled(pattern).test(text);
}

const known = new Map<string, RegExp>();

function compiled(pattern: string): RegExp {
  const old = known.get(pattern);
  if (old) return old;
  const expression = new RegExp(`^${translate(pattern)}$`, 's');
  known.set(pattern, expression);
  return expression;
}

function translate(pattern: string): string {
  return pattern.replace(/\[(!?)([^\]]+)\]|[\s\S]/g, (piece, not: string | undefined, set: string) => {
    if (piece === '*') return '.*';
    if (piece === '?') return '.';
    if (not === undefined) return piece.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
    return `[${not === '!' ? '^' : ''}${set.replace(/[\\^[]/g, '\\$&')}]`;
  });
}
