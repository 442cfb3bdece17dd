import { addToList, setOption } from './edit';
import { UciPackage, type UciSection } from './package';

/** A file that libuci refuses to read, and rpcd answers with "unknown error". */
export class UciSyntaxError extends Error {}

/** Reads a configuration file: `config <type> ['<name>']`, `option <name> <value>`, `list <name> <value>`. */
export function parseUci(text: string): UciPackage {
  const uci = new UciPackage();
  let section: UciSection | null = null;
  for (const [command, ...words] of lines(text)) {
    if (command === 'config' || command === 'c') section = openSection(uci, words);
    else if (command === 'option' || command === 'o') section = takeOption(uci, section, words, setOption);
    else if (command === 'list' || command === 'l') section = takeOption(uci, section, words, addToList);
    else if (command !== 'package' && command !== 'p') throw new UciSyntaxError(`invalid command ${command}`);
  }
  return uci;
}

/** A name that was there before means the same section once more. */
function openSection(uci: UciPackage, [type, name, ...rest]: string[]): UciSection {
  if (type === undefined || rest.length > 0)
    throw new UciSyntaxError('config without type, or too many words');
  const known = name ? uci.find(name) : undefined;
  if (!known) return uci.add(type, name || null);
  if (known.type !== type) throw new UciSyntaxError(`section ${name} of another type`);
  return known;
}

function takeOption(
  uci: UciPackage,
  section: UciSection | null,
  [name, value = '', ...rest]: string[],
  take: typeof setOption,
): UciSection {
  if (!section) throw new UciSyntaxError('option before the first section');
  if (name === undefined || rest.length > 0)
    throw new UciSyntaxError('option without name, or too many words');
  return take(uci, section, name, value);
}

/** The words of every line that has any. A line goes on where a quoted word holds its end. */
function* lines(text: string): Generator<string[]> {
  let words: string[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at] as string;
    if (char === '#') at = endOfLine(text, at);
    else if (char === '\n') {
      if (words.length > 0) yield words;
      words = [];
      at += 1;
    } else if (/\s/.test(char)) at += 1;
    else {
      const [word, next] = readWord(text, at);
      words.push(word);
      at = next;
    }
  }
  if (words.length > 0) yield words;
}

/** Quoted and bare pieces that touch each other are one word, so that `'it'\''s'` is `it's`. */
function readWord(text: string, from: number): [string, number] {
  let word = '';
  let at = from;
  while (at < text.length && !/[\s#]/.test(text[at] as string)) {
    const char = text[at] as string;
    if (char === "'" || char === '"') {
      const [piece, next] = readQuoted(text, at + 1, char);
      word += piece;
      at = next;
    } else {
      const escaped = char === '\\';
      word += escaped ? (text[at + 1] ?? '') : char;
      at += escaped ? 2 : 1;
    }
  }
  return [word, at];
}

/** A backslash escapes in double quotes only. */
function readQuoted(text: string, from: number, quote: string): [string, number] {
  let piece = '';
  for (let at = from; at < text.length; at += 1) {
    const char = text[at] as string;
    if (char === quote) return [piece, at + 1];
    if (char === '\\' && quote === '"') at += 1;
    piece += text[at] ?? '';
  }
  throw new UciSyntaxError('unterminated quote');
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}
