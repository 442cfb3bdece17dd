import type { Meaning } from './options';
import type { Zone } from './zone';

/** A zone by its name, or any: `*`. */
export interface ZoneReference {
  /** Null = any. */
  readonly zone: Zone | null;
}

export const zoneReference =
  (zones: readonly Zone[]): Meaning<ZoneReference> =>
  (name) => {
    if (name === '*') return { zone: null };
    const zone = zones.find((one) => one.name === name);
    return zone ? { zone } : null;
  };
