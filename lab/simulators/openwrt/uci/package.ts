/** An option is one text, or a list of them. */
export type UciValue = string | readonly string[];

/** A section of a configuration file. Never changed in place: a changed one takes its place in the package. */
export interface UciSection {
  readonly name: string;
  readonly type: string;
  /** Whether the file gives it no name; then `name` is made up anew whenever the file is read. */
  readonly anonymous: boolean;
  readonly options: ReadonlyMap<string, UciValue>;
}

/** One configuration in memory, such as `firewall`: its sections in the order of the file. */
export class UciPackage {
  private list: UciSection[] = [];
  private made = 0;
  /** Whether a copy has the same list, which then must not be changed in place. */
  private shared = false;

  get sections(): readonly UciSection[] {
    return this.list;
  }

  /** A copy that can be changed without touching this one. Cheap: only a change makes the lists two. */
  copy(): UciPackage {
    const copy = new UciPackage();
    copy.list = this.list;
    copy.made = this.made;
    copy.shared = true;
    this.shared = true;
    return copy;
  }

  /** By name, or by place as in `@redirect[0]` and `@redirect[-1]`. */
  find(reference: string): UciSection | undefined {
    const place = /^@([^[]*)\[(-?\d+)\]$/.exec(reference);
    if (!place) return this.list.find(({ name }) => name === reference);
    const [, type = '', index = ''] = place;
    return this.list.filter((section) => type === '' || section.type === type).at(Number(index));
  }

  /** At the end. Without a name one is made from the number of sections so far and the type, as libuci does. */
  add(type: string, name: string | null, anonymous = name === null): UciSection {
    this.made += 1;
    const section = { name: name ?? madeName(this.made, type), type, anonymous, options: new Map() };
    this.own().push(section);
    return section;
  }

  replace(old: UciSection, changed: UciSection): UciSection {
    const list = this.own();
    // What was added last is changed most often.
    list[list.lastIndexOf(old)] = changed;
    return changed;
  }

  remove(section: UciSection): void {
    const list = this.own();
    list.splice(list.indexOf(section), 1);
  }

  /** Puts it at this place among the others; tells whether that moved it. */
  move(section: UciSection, position: number): boolean {
    const list = this.own();
    const before = list.indexOf(section);
    list.splice(before, 1);
    list.splice(position, 0, section);
    return list.indexOf(section) !== before;
  }

  private own(): UciSection[] {
    if (this.shared) this.list = [...this.list];
    this.shared = false;
    return this.list;
  }
}

/**
 * `cfg`, the running number in hex, and 16 bits of a hash (Bernstein's) of the type. So every anonymous section behind a
 * removed one gets another name when the file is read next: nobody may remember such names.
 */
function madeName(number: number, type: string): string {
  let hash = 5381;
  for (const byte of Buffer.from(type)) hash = (hash * 33 + byte) >>> 0;
  const low = (hash & 0xffff).toString(16).padStart(4, '0');
  return `cfg${number.toString(16).padStart(2, '0')}${low}`;
}
