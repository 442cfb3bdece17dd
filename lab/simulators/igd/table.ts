import { keyOf, type Mapping, type MappingKey, type MappingProtocol } from './mapping';

/** The mappings of one connection. What has expired is gone at the next glance. */
export class MappingTable {
  private kept = new Map<string, Mapping>();

  constructor(private readonly now: () => number) {}

  /** Oldest first. An overwritten mapping keeps its place. */
  get all(): readonly Mapping[] {
    const now = this.now();
    for (const [key, { expires }] of this.kept) if (expires !== null && expires <= now) this.kept.delete(key);
    return [...this.kept.values()];
  }

  /** All mappings of one port, for whatever remote host. */
  at(protocol: MappingProtocol, externalPort: number): readonly Mapping[] {
    return this.all.filter((one) => one.protocol === protocol && one.externalPort === externalPort);
  }

  find(key: MappingKey): Mapping | undefined {
    return this.at(key.protocol, key.externalPort).find(({ remoteHost }) => remoteHost === key.remoteHost);
  }

  put(mapping: Mapping): void {
    this.kept.set(keyOf(mapping), mapping);
  }

  remove(key: MappingKey): boolean {
    return this.kept.delete(keyOf(key));
  }

  /** Gives what puts everything back as it is now. */
  memento(): () => void {
    const kept = new Map(this.kept);
    return () => {
      this.kept = kept;
    };
  }

  clear(): void {
    this.kept.clear();
  }
}
