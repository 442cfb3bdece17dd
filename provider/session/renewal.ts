import type { Entry } from '../backends/backend';
import type { RuleState } from './state';

/** A recorded date is kept unless the live one is earlier by more than these milliseconds: clocks of devices are coarse. */
const SLACK = 5 * 60_000;

/** An entry that expires: how long it still lives, and how long it was asked to. Seconds. */
interface Expiring {
  readonly expires: number | null;
  readonly lease: number;
}

/**
 * When mappings that were just written must be renewed. `before` = seconds that shall be left then; default half of what was
 * granted, which may be less than what was asked for. `wall` = milliseconds since 1970.
 */
export function renewalOf(
  written: readonly Expiring[],
  before: number | undefined,
  wall: number,
): string | null {
  if (written.length === 0) return null;
  const granted = Math.min(...written.map(({ expires, lease }) => expires ?? lease));
  return iso(wall + (granted - (before ?? granted / 2)) * 1000);
}

/**
 * When the mappings of a rule that was looked at must be renewed: as recorded, unless they end earlier than was thought. A
 * date that followed every second of the device's clock would show as a change in every refresh.
 */
export function renewalSeen(
  recorded: string | undefined,
  entries: readonly Entry[],
  before: number | undefined,
  wall: number,
): string | null {
  const lives = entries.flatMap(({ permanent, expires }) => (permanent || expires === null ? [] : [expires]));
  if (lives.length === 0) return entries.some(({ permanent }) => !permanent) ? (recorded ?? null) : null;
  const left = Math.min(...lives);
  const latest = wall + (left - (before ?? left / 2)) * 1000;
  if (recorded === undefined) return iso(latest);
  return latest < Date.parse(recorded) - SLACK ? iso(latest) : recorded;
}

/** Whether the time has come. A renewal is a write of the rule as it is. */
export function renewalIsDue({ renewalDue }: Pick<RuleState, 'renewalDue'>, wall: number): boolean {
  return renewalDue !== undefined && Date.parse(renewalDue) <= wall;
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
