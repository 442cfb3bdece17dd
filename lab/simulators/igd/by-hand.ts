import type { Connection } from './connection';
import { keyOf, type Mapping } from './mapping';

/** What others do to the table: another program, another host, the router's own pages. */
export class ByHand {
  constructor(
    private readonly connection: Connection,
    private readonly now: () => number,
  ) {}

  get mappings(): readonly Mapping[] {
    return this.connection.table.all;
  }

  /** By its key as keyOf writes it. */
  mapping(key: string): Mapping | undefined {
    return this.mappings.find((one) => keyOf(one) === key);
  }

  /** `lease` in seconds; without it, it never expires. Gives its key. */
  add(
    mapping: Partial<Omit<Mapping, 'expires'>> & Pick<Mapping, 'externalPort' | 'internalClient'>,
    lease?: number,
  ): string {
    const whole: Mapping = {
      protocol: 'TCP',
      remoteHost: '',
      internalPort: mapping.externalPort,
      enabled: true,
      description: '',
      ...mapping,
      expires: lease === undefined ? null : this.now() + lease * 1000,
    };
    this.connection.table.put(whole);
    return keyOf(whole);
  }

  /** Where the port or protocol changes, the key does. Gives the key that it has now. */
  change(key: string, change: Partial<Mapping>): string {
    const changed = { ...this.found(key), ...change };
    if (keyOf(changed) !== key) this.remove(key);
    this.connection.table.put(changed);
    return keyOf(changed);
  }

  remove(key: string): void {
    this.connection.table.remove(this.found(key));
  }

  /** Everything, as with a button on the router's pages. */
  flush(): void {
    this.connection.table.clear();
  }

  private found(key: string): Mapping {
    const mapping = this.mapping(key);
    if (!mapping) throw new Error(`no mapping ${key}`);
    return mapping;
  }
}
