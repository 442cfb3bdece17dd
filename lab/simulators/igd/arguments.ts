import { isIPv4 } from 'node:net';
import { UpnpFault } from './errors';
import type { Habits } from './habits';
import type { MappingProtocol } from './mapping';
import type { ActionFact } from './services';

/** The arguments of one call, read as a device reads them: strictly, or bent into something. */
export class Arguments {
  constructor(
    { takes }: ActionFact,
    private readonly given: ReadonlyMap<string, string>,
    private readonly habits: Habits,
  ) {
    if (takes.some((name) => !given.has(name))) throw new UpnpFault(402);
    const names = [...given.keys()];
    if (this.strict && names.join() !== takes.join()) throw new UpnpFault(402);
  }

  private get strict(): boolean {
    return this.habits.values === 'checked';
  }

  text(name: string): string {
    return this.given.get(name) ?? '';
  }

  /** A number of 16 bits. */
  ui2(name: string): number {
    return this.integer(name, 0xffff);
  }

  /** A number of 32 bits. */
  ui4(name: string): number {
    return this.integer(name, 0xffff_ffff);
  }

  boolean(name: string): boolean {
    const text = this.text(name).toLowerCase();
    if (['1', 'true', 'yes'].includes(text)) return true;
    if (['0', 'false', 'no'].includes(text) || !this.strict) return false;
    throw new UpnpFault(402);
  }

  protocol(name: string): MappingProtocol {
    const text = this.text(name);
    if (text === 'TCP' || text === 'UDP') return text;
    if (this.strict) throw new UpnpFault(600);
    return text.toUpperCase() === 'UDP' ? 'UDP' : 'TCP';
  }

  /** An external port of one mapping: a wildcard is none. */
  externalPort(name: string): number {
    if (['', '*'].includes(this.text(name))) throw new UpnpFault(716);
    const port = this.ui2(name);
    if (port === 0) throw new UpnpFault(716);
    return port;
  }

  /** One IPv4 address, or empty for everybody. What is neither became a filter for 255.255.255.255 on miniupnpd. */
  remoteHost(name: string): string {
    const text = this.text(name);
    if (['', '*', '0.0.0.0'].includes(text)) return '';
    if (isIPv4(text)) return text;
    if (this.strict) throw new UpnpFault(402);
    return '255.255.255.255';
  }

  private integer(name: string, largest: number): number {
    const text = this.text(name).trim();
    if (!/^[0-9]{1,12}$/.test(text)) {
      if (this.strict) throw new UpnpFault(402);
      return 0;
    }
    const value = Number(text);
    if (value <= largest) return value;
    if (this.strict) throw new UpnpFault(601);
    return value % (largest + 1);
  }
}
