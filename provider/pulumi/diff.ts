import { diff as differing } from '../rule/diff';
import { PortforwardError } from '../rule/error';
import type { LooseInputs } from '../rule/rule';
import { differentDevice, moved, type Place } from '../session/moved';
import { renewalIsDue } from '../session/renewal';
import type { RuleState } from '../session/state';

/** What Pulumi's dynamic provider passes on of a diff. */
export interface DiffAnswer {
  /** Absent = the engine compares the inputs itself, and so shows property by property. */
  readonly changes?: boolean;
  readonly replaces?: string[];
  readonly deleteBeforeReplace?: boolean;
}

/** The gateway that the program gives the rule to. */
export interface Destination extends Place {
  /** What the device there told of its identity; null = it tells none, undefined = it was not reached yet. */
  readonly device?: string | null | undefined;
}

/**
 * Compares the recorded rule with the wanted one and with the configured gateway. Pure: Pulumi calls it one rule at a
 * time. A replacement deletes first, because old and new share a tag; but on another device the rule is opened before it is
 * closed on the old one, so that at no time both refuse. A mapping whose time to be renewed has come by
 * `wall` (milliseconds since 1970) is an update that changes no property.
 */
export function diffRule(
  recorded: RuleState,
  wanted: LooseInputs,
  place: Destination,
  wall: number,
): DiffAnswer {
  const changed = differing({ ...recorded.inputs }, wanted);
  const elsewhere = moved(recorded, place);
  const replacing = elsewhere.filter((part) => part !== 'endpoint');
  const renamed = changed.includes('name') ? ['name'] : [];
  // What moved is seen in the outputs alone, where the engine does not look: it has to be told.
  if (replacing.length > 0)
    return {
      changes: true,
      replaces: [...renamed, ...replacing],
      deleteBeforeReplace: !(elsewhere.includes('endpoint') && mayBeAnother(recorded, place)),
    };
  if (renamed.length > 0) return { replaces: renamed, deleteBeforeReplace: true };
  if (elsewhere.length > 0) return { changes: true };
  if (changed.length > 0) return {};
  return { changes: renewalIsDue(recorded, wall) };
}

/**
 * Whether another device is there, as far as that can be told now. One that was not reached yet counts as another: deleting
 * first would close the rule here, and then fail there. `notApart` looks again before anything is created.
 */
function mayBeAnother(recorded: RuleState, { device }: Destination): boolean {
  return device === undefined || differentDevice(recorded, device);
}

/**
 * Why a rule must not be created before the old one is deleted: by its identity the device may be the very one that holds
 * the old one, and both have one tag. Null = it is another device.
 */
export function notApart(
  recorded: RuleState,
  device: string | null,
  { gatewayName }: Place,
): PortforwardError | null {
  if (differentDevice(recorded, device)) return null;
  const { inputs } = recorded;
  return new PortforwardError(
    'device',
    `Rule "${inputs.name}" moves from gateway "${recorded.gatewayName}" to gateway "${gatewayName}", and they may be one device.`,
    {
      hint: 'Nothing was changed. Run again: now that it answers, the rule is removed there before it is put here.',
    },
  );
}

/**
 * Why a refresh must not go on: the program gives the rule to another gateway than it is recorded on. With `--run-program` the
 * engine would note the new gateway as the one to delete from, and the entries on the old one would stay open (measured).
 */
export function leftBehind(recorded: RuleState, place: Place): PortforwardError | null {
  const parts = moved(recorded, place);
  if (!parts.includes('gatewayName') || !parts.includes('endpoint')) return null;
  const { inputs, gatewayName, endpoint } = recorded;
  return new PortforwardError(
    'invalid',
    `Rule "${inputs.name}" is on gateway "${gatewayName}" (${endpoint}), and the program gives it to gateway "${place.gatewayName}".`,
    {
      hint: 'Run "pulumi up" once without --refresh: it removes the rule there and puts it here. A refresh would forget where it was.',
    },
  );
}
