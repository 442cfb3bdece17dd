import type { OpenWrtDevice } from './device';
import { fw4Comment, nftRule } from './kernel/nft-rule';
import { UciCursor } from './uci/cursor';
import { UciPackage, type UciSection, type UciValue } from './uci/package';
import { printSection, printUci } from './uci/print';

type Values = Readonly<Record<string, UciValue>>;

/** What somebody else does to the router, with LuCI or over ssh: written at once, and the firewall is told. */
export class ByHand {
  constructor(private readonly device: OpenWrtDevice) {}

  /** The sections as they stand in the file. */
  sections(type?: string, config = 'firewall'): readonly UciSection[] {
    const all = this.device.files.load(config)?.sections ?? [];
    return type === undefined ? all : all.filter((section) => section.type === type);
  }

  section(name: string, config = 'firewall'): UciSection | undefined {
    return this.sections(undefined, config).find((section) => section.name === name);
  }

  /** A section as its lines in the file, to compare it byte by byte. */
  lines(name: string, config = 'firewall'): string | undefined {
    const section = this.section(name, config);
    return section && printSection(section);
  }

  /** Without a name it is an anonymous one, as LuCI makes them. Gives the name by which it is known now. */
  add(type: string, values: Values, name?: string, config = 'firewall'): string {
    return this.edit(config, (cursor) => {
      const section = name === undefined ? cursor.anonymous(type) : cursor.named(type, name);
      return setAll(cursor, section, values).name;
    });
  }

  /** Sets options; an empty text removes one. */
  change(name: string, values: Values, config = 'firewall'): void {
    this.edit(config, (cursor) => void setAll(cursor, found(cursor, name), values));
  }

  remove(name: string, config = 'firewall'): void {
    this.edit(config, (cursor) => cursor.remove(found(cursor, name)));
  }

  rename(name: string, to: string, config = 'firewall'): void {
    this.edit(config, (cursor) => cursor.rename(found(cursor, name), to));
  }

  /** The whole file, as with an editor. */
  write(text: string, config = 'firewall'): void {
    this.device.files.write(config, text);
    this.device.changed(config);
  }

  text(config = 'firewall'): string {
    return this.device.files.text(config) ?? '';
  }

  /** Adds a rule to the kernel beside fw4's, as a daemon or `nft add rule` does. The next reload flushes it. */
  nft(
    chain: string,
    rule: string,
    { comment, first = false }: { comment?: string; first?: boolean } = {},
  ): void {
    const { kernel } = this.device.firewall;
    kernel.insert(kernel.open(chain), nftRule({ match: [rule], comment: comment ?? null }), first);
  }

  /** Packets come by: counts them in every rule that fw4 made of what is called so. */
  traffic(name: string, packets: number, bytes: number): void {
    for (const rule of this.device.firewall.kernel.chains.flatMap(({ rules }) => rules)) {
      if (!rule.counter || rule.comment !== fw4Comment(name)) continue;
      rule.packets += packets;
      rule.bytes += bytes;
    }
  }

  private edit<T>(config: string, change: (cursor: UciCursor) => T): T {
    const cursor = new UciCursor(this.device.files.load(config) ?? new UciPackage());
    const result = change(cursor);
    this.write(printUci(cursor.uci), config);
    return result;
  }
}

export function setAll(cursor: UciCursor, section: UciSection, values: Values): UciSection {
  return Object.entries(values).reduce((changed, [option, value]) => {
    if (typeof value === 'string') return cursor.set(changed, option, value);
    const cleared = cursor.removeOption(changed, option);
    return value.reduce((list, element) => cursor.addToList(list, option, element), cleared);
  }, section);
}

function found(cursor: UciCursor, name: string): UciSection {
  const section = cursor.uci.find(name);
  if (!section) throw new Error(`no section ${name}`);
  return section;
}
