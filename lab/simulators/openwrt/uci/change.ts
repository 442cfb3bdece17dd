import { addToList, removeOption, renameOption, renameSection, setOption } from './edit';
import type { UciPackage } from './package';

/** One line of a delta file: a change that waits for a commit. It names its section, and knows nothing else of it. */
export interface UciChange {
  readonly op: 'add' | 'set' | 'remove' | 'rename' | 'order' | 'list-add';
  readonly section: string;
  /** Absent where the section itself is meant. */
  readonly option?: string;
  readonly value?: string;
}

/** As `uci changes` lists it. */
export function listed({ op, section, option, value }: UciChange): (string | number)[] {
  const words: (string | number)[] = [op, section];
  if (option !== undefined) words.push(option);
  if (value !== undefined) words.push(op === 'order' ? Number(value) : value);
  return words;
}

/**
 * Makes a recorded change in a package that may have changed since. What does not fit any more is passed over in
 * silence, as libuci does: false.
 */
export function replay(uci: UciPackage, { op, section: name, option, value = '' }: UciChange): boolean {
  const section = uci.find(name);
  if (option === undefined && (op === 'add' || op === 'set')) {
    if (!section) uci.add(value, name, op === 'add');
    else uci.replace(section, { ...section, type: value, anonymous: op === 'add' || section.anonymous });
    return true;
  }
  if (!section) return false;
  switch (op) {
    case 'order':
      uci.move(section, Number(value));
      return true;
    case 'remove':
      if (option === undefined) uci.remove(section);
      else if (section.options.has(option)) removeOption(uci, section, option);
      else return false;
      return true;
    case 'rename':
      if (option === undefined) renameSection(uci, section, value);
      else if (section.options.has(option)) renameOption(uci, section, option, value);
      else return false;
      return true;
    case 'list-add':
      addToList(uci, section, option as string, value);
      return true;
    default:
      setOption(uci, section, option as string, value);
      return true;
  }
}
