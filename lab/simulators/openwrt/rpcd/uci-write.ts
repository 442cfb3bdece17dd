import { type Arguments, isTable, storable } from '../ubus/arguments';
import type { Method, Methods, Reply } from '../ubus/bus';
import { ubusCode } from '../ubus/codes';
import type { UciCursor } from '../uci/cursor';
import { isName, isReference, isType } from '../uci/names';
import type { UciSection } from '../uci/package';
import { may, stage, type UciContext } from './uci-context';
import { matches } from './uci-match';

type Writer = (cursor: UciCursor, args: Arguments) => Reply;

/** The methods of `uci` that stage a change. */
export function writeMethods(context: UciContext): Methods {
  /** `fits` looks at the arguments before the configuration is read. */
  const method = (types: Method['args'], fits: (args: Arguments) => boolean, change: Writer): Method => ({
    args: { config: 'string', ...types },
    run: (args, sid) => {
      const { config } = args;
      if (typeof config !== 'string' || !complete(args, types)) return [ubusCode.invalidArgument];
      if (!may(context, sid, 'write', config)) return [ubusCode.permissionDenied];
      if (!fits(args)) return [ubusCode.invalidArgument];
      return stage(context, sid, config, (cursor) => change(cursor, args));
    },
  });
  const some = { section: 'string', type: 'string', match: 'object' } as const;
  return {
    add: method({ type: 'string', name: 'string', values: 'object' }, fitAdd, add),
    set: method({ ...some, values: 'object' }, fitReference, set),
    delete: method({ ...some, option: 'string', options: 'array' }, fitDelete, remove),
    rename: method({ section: 'string', option: 'string', name: 'string' }, fitRename, rename),
    order: method({ sections: 'array' }, () => true, order),
  };
}

/** What each method cannot do without. */
function complete(args: Arguments, types: Method['args']): boolean {
  const has = (name: string): boolean => args[name] !== undefined;
  if ('sections' in types) return has('sections');
  if ('match' in types) {
    return ('options' in types || has('values')) && (has('section') || has('type') || has('match'));
  }
  return 'values' in types ? has('type') : has('section') && has('name');
}

const fitReference = ({ section }: Arguments): boolean =>
  section === undefined || isReference(String(section));
const fitDelete = (args: Arguments): boolean =>
  fitReference(args) && (args.type === undefined || isType(String(args.type)));
const fitAdd = ({ type, name }: Arguments): boolean =>
  isType(String(type)) && (name === undefined || isName(String(name)));
const fitRename = ({ name }: Arguments): boolean => isName(String(name));

/** A name that exists is no error: its texts are overwritten, its lists made longer, all else of it stays. */
function add(cursor: UciCursor, { type, name, values }: Arguments): Reply {
  const found =
    name === undefined ? cursor.anonymous(String(type)) : cursor.named(String(type), String(name));
  let section = found;
  let code: number = ubusCode.ok;
  for (const [option, value] of Object.entries(isTable(values) ? values : {})) {
    const texts = Array.isArray(value) ? value.map(storable) : [storable(value)];
    if (!isName(option) || texts.includes(null)) code ||= ubusCode.invalidArgument;
    if (!isName(option)) continue;
    for (const text of texts) {
      if (text === null) continue;
      section = Array.isArray(value)
        ? cursor.addToList(section, option, text)
        : cursor.set(section, option, text);
    }
  }
  return code === ubusCode.ok ? [code, { section: section.name }] : [code];
}

function set(cursor: UciCursor, args: Arguments): Reply {
  const values = Object.entries(isTable(args.values) ? args.values : {});
  const chosen = choose(cursor, args);
  let code: number = ubusCode.ok;
  for (const section of chosen) {
    let changed = section;
    for (const [option, value] of values) {
      const result = setOne(cursor, changed, option, value);
      if (typeof result === 'number') code = result;
      else changed = result;
    }
  }
  // Also where nothing was to be set, since then no section was looked up.
  if (code === ubusCode.ok && (chosen.length === 0 || values.length === 0)) return [ubusCode.notFound];
  return [code];
}

/** A list replaces what was there; an empty list is refused. */
function setOne(cursor: UciCursor, section: UciSection, option: string, value: unknown): UciSection | number {
  if (!isName(option)) return ubusCode.invalidArgument;
  if (!Array.isArray(value)) {
    const text = storable(value);
    if (text === null) return ubusCode.invalidArgument;
    const old = section.options.get(option);
    const cleared = Array.isArray(old) ? cursor.removeOption(section, option) : section;
    return cursor.set(cleared, option, text);
  }
  const texts = value.map(storable).filter((text) => text !== null);
  if (texts.length === 0) return ubusCode.invalidArgument;
  const cleared = cursor.removeOption(section, option);
  return texts.reduce((changed, text) => cursor.addToList(changed, option, text), cleared);
}

function remove(cursor: UciCursor, args: Arguments): Reply {
  const chosen = choose(cursor, args);
  if (chosen.length === 0) return [ubusCode.notFound];
  // The last one decides, as in rpcd.
  return [chosen.reduce((_, section) => removeOne(cursor, section, args), 0)];
}

/** Options that are not there are passed over, but one of them must be. */
function removeOne(cursor: UciCursor, section: UciSection, { option, options }: Arguments): number {
  if (option === undefined && options === undefined) {
    cursor.remove(section);
    return ubusCode.ok;
  }
  const names = Array.isArray(options) ? options : [option];
  const there = names.filter((name) => typeof name === 'string' && section.options.has(name));
  there.reduce((changed, name) => cursor.removeOption(changed, name), section);
  return there.length > 0 ? ubusCode.ok : ubusCode.notFound;
}

/** What is not there is no failure here: rpcd forgets libuci's error before it answers. */
function rename(cursor: UciCursor, { section: reference, option, name }: Arguments): Reply {
  const section = cursor.uci.sections.find((one) => one.name === reference);
  if (!section) return [ubusCode.ok];
  if (typeof option !== 'string') cursor.rename(section, String(name));
  else if (section.options.has(option)) cursor.renameOption(section, option, String(name));
  return [ubusCode.ok];
}

function order(cursor: UciCursor, { sections }: Arguments): Reply {
  let code: number = ubusCode.ok;
  let position = 0;
  for (const name of sections as unknown[]) {
    const section = cursor.uci.sections.find((one) => one.name === name);
    if (!section) code ||= typeof name === 'string' ? ubusCode.notFound : ubusCode.invalidArgument;
    else cursor.move(section, position++);
  }
  return [code];
}

/** One section by reference, else all that `type` and `match` mean. */
function choose(cursor: UciCursor, args: Arguments): readonly UciSection[] {
  if (typeof args.section !== 'string') {
    return cursor.uci.sections.filter((section) => matches(section, args));
  }
  const section = cursor.uci.find(args.section);
  return section ? [section] : [];
}
