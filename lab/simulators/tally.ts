/** How many are remembered; the oldest are forgotten. */
const KEPT = 10_000;

/** What came in: counted by name, and the last of it as it was. */
export class Tally<Item extends { readonly name: string }> {
  protected items: Item[] = [];
  private counts = new Map<string, number>();

  record(item: Item): void {
    this.items.push(item);
    if (this.items.length > KEPT) this.items = this.items.slice(-KEPT / 2);
    this.counts.set(item.name, this.of(item.name) + 1);
  }

  /** How often this came. */
  of(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  /** All names with their numbers. */
  get all(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  reset(): void {
    this.items = [];
    this.counts = new Map();
  }
}
