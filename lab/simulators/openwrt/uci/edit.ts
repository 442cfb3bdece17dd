import type { UciPackage, UciSection, UciValue } from './package';

/* What libuci can do to a package in memory. Each gives the section as it is then. */

/** Sets one text, in the place of what was there. An empty text removes the option. */
export function setOption(uci: UciPackage, section: UciSection, name: string, value: string): UciSection {
  return value === '' ? removeOption(uci, section, name) : put(uci, section, name, value);
}

/** Adds to the end of a list. One text that stands there becomes the list's first element. */
export function addToList(uci: UciPackage, section: UciSection, name: string, value: string): UciSection {
  const old = section.options.get(name);
  const before = old === undefined ? [] : typeof old === 'string' ? [old] : old;
  return put(uci, section, name, [...before, value]);
}

export function removeOption(uci: UciPackage, section: UciSection, name: string): UciSection {
  const options = new Map(section.options);
  if (!options.delete(name)) return section;
  return uci.replace(section, { ...section, options });
}

/** A renamed section has a name of its own from then on. Nothing minds a name that is taken already. */
export function renameSection(uci: UciPackage, section: UciSection, name: string): UciSection {
  return uci.replace(section, { ...section, name, anonymous: false });
}

export function renameOption(uci: UciPackage, section: UciSection, old: string, name: string): UciSection {
  const options = new Map([...section.options].map(([key, value]) => [key === old ? name : key, value]));
  return uci.replace(section, { ...section, options });
}

function put(uci: UciPackage, section: UciSection, name: string, value: UciValue): UciSection {
  return uci.replace(section, { ...section, options: new Map(section.options).set(name, value) });
}
