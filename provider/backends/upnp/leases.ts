import { CODES, isFault } from './wan';

/** Seconds that routers take which refuse the longest lease, and that WANIPConnection:2 (2.3.16) recommends. */
const RECOMMENDED = 3600;

/**
 * How long mappings may live on one gateway, learned from its refusals: WANIPConnection:1 lets it know only permanent ones
 * (725), and some answer 402 to a lease that they find too long.
 */
export class Leases {
  private permanentOnly = false;
  private longest = Number.POSITIVE_INFINITY;

  /** Whether the gateway was seen to keep mappings for ever, and only so. */
  get onlyPermanent(): boolean {
    return this.permanentOnly;
  }

  /** Calls `add` with the lease in seconds (0 = permanent), and once more with another where the gateway wants another. */
  async grant(wanted: number, add: (lease: number) => Promise<void>): Promise<void> {
    const lease = this.permanentOnly ? 0 : Math.min(wanted, this.longest);
    try {
      await add(lease);
    } catch (error) {
      if (isFault(error, CODES.onlyPermanentLeases) && lease !== 0) {
        await add(0);
        this.permanentOnly = true;
      } else if (isFault(error, CODES.invalidArgs) && lease > RECOMMENDED) {
        await add(RECOMMENDED);
        this.longest = RECOMMENDED;
      } else throw error;
    }
  }
}
