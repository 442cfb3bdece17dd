import type { UciChange } from './change';
import { addToList, removeOption, renameOption, renameSection, setOption } from './edit';
import type { UciPackage, UciSection } from './package';

/** Changes a package in memory and writes down how, for the delta file. What changes nothing is not written down. */
export class UciCursor {
  readonly changes: UciChange[] = [];

  constructor(readonly uci: UciPackage) {}

  /** A name that exists already is taken as it is, with the type told. */
  named(type: string, name: string): UciSection {
    const section = this.uci.find(name);
    if (section?.type === type) return section;
    this.changes.push({ op: 'set', section: name, value: type });
    return section ? this.uci.replace(section, { ...section, type }) : this.uci.add(type, name);
  }

  anonymous(type: string): UciSection {
    const section = this.uci.add(type, null);
    this.changes.push({ op: 'add', section: section.name, value: type });
    return section;
  }

  set(section: UciSection, option: string, value: string): UciSection {
    if (value === '') return this.removeOption(section, option);
    if (section.options.get(option) === value) return section;
    this.changes.push({ op: 'set', section: section.name, option, value });
    return setOption(this.uci, section, option, value);
  }

  addToList(section: UciSection, option: string, value: string): UciSection {
    this.changes.push({ op: 'list-add', section: section.name, option, value });
    return addToList(this.uci, section, option, value);
  }

  removeOption(section: UciSection, option: string): UciSection {
    if (!section.options.has(option)) return section;
    this.changes.push({ op: 'remove', section: section.name, option });
    return removeOption(this.uci, section, option);
  }

  remove(section: UciSection): void {
    this.changes.push({ op: 'remove', section: section.name });
    this.uci.remove(section);
  }

  rename(section: UciSection, name: string): void {
    this.changes.push({ op: 'rename', section: section.name, value: name });
    renameSection(this.uci, section, name);
  }

  renameOption(section: UciSection, option: string, name: string): void {
    this.changes.push({ op: 'rename', section: section.name, option, value: name });
    renameOption(this.uci, section, option, name);
  }

  move(section: UciSection, position: number): void {
    if (!this.uci.move(section, position)) return;
    this.changes.push({ op: 'order', section: section.name, value: String(position) });
  }
}
