import { replay, type UciChange } from './change';
import type { UciPackage } from './package';
import { parseUci } from './parse';
import { printUci } from './print';

interface View {
  readonly text: string;
  readonly uci: UciPackage;
  readonly replayed: number;
}

/** /etc/config: what survives when the power goes. */
export class UciFiles {
  /** Nothing is written, and nobody is told: as on flash that is worn out. */
  frozen = false;
  private readonly texts: Map<string, string>;
  private readonly parsed = new Map<string, { readonly text: string; readonly uci: UciPackage }>();
  /** What a delta file makes of a file, so that only what was added to it since must be replayed. */
  private readonly views = new WeakMap<readonly UciChange[], View>();

  constructor(texts: Readonly<Record<string, string>>) {
    this.texts = new Map(Object.entries(texts));
  }

  get configs(): readonly string[] {
    return [...this.texts.keys()].sort();
  }

  text(config: string): string | undefined {
    return this.texts.get(config);
  }

  write(config: string, text: string): void {
    if (!this.frozen) this.texts.set(config, text);
  }

  /** A copy to work on, the given changes in it. Undefined where there is no such file; throws where it is broken. */
  load(config: string, changes: readonly UciChange[] = []): UciPackage | undefined {
    const text = this.texts.get(config);
    if (text === undefined) return undefined;
    if (changes.length === 0) return this.read(config, text).copy();
    const known = this.views.get(changes);
    const uci = known?.text === text ? known.uci : this.read(config, text).copy();
    for (const change of changes.slice(known?.text === text ? known.replayed : 0)) replay(uci, change);
    this.views.set(changes, { text, uci, replayed: changes.length });
    return uci.copy();
  }

  /** Writes the changes into the file as it is now. Where not one of them fits any more the file is not touched: false. */
  commit(config: string, changes: readonly UciChange[]): boolean {
    const uci = this.load(config);
    if (!uci) return false;
    const made = changes.filter((change) => replay(uci, change));
    if (made.length === 0) return false;
    this.write(config, printUci(uci));
    return true;
  }

  private read(config: string, text: string): UciPackage {
    const known = this.parsed.get(config);
    if (known?.text === text) return known.uci;
    const uci = parseUci(text);
    this.parsed.set(config, { text, uci });
    return uci;
  }
}
