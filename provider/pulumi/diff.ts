import { diff as differing } from '../rule/diff';
import { PortforwardError } from '../rule/error';
import type { LooseInputs } from '../rule/rule';
import { moved, type Place } from '../session/moved';
import { renewalIsDue } from '../session/renewal';
import type { RuleState } from '../session/state';

/** What Pulumi's dynamic provider passes on of a diff. */
export interface DiffAnswer {
  /** Absent = the engine compares the inputs itself, and so shows property by property. */
  readonly changes?: boolean;
  readonly replaces?: string[];
  readonly deleteBeforeReplace?: boolean;
}

/**
 * Compares the recorded rule with the wanted one and with the configured gateway. Pure: Pulumi calls it one rule at a
 * time. Every replacement deletes first, because old and new share a tag. A mapping whose time to be renewed has come by
 * `wall` (milliseconds since 1970) is an update that changes no property.
 */
export function diffRule(recorded: RuleState, wanted: LooseInputs, place: Place, wall: number): DiffAnswer {
  const changed = differing({ ...recorded.inputs }, wanted);
  const elsewhere = moved(recorded, place);
  const replacing = elsewhere.filter((part) => part !== 'endpoint');
  const renamed = changed.includes('name') ? ['name'] : [];
  // What moved is seen in the outputs alone, where the engine does not look: it has to be told.
  if (replacing.length > 0)
    return { changes: true, replaces: [...renamed, ...replacing], deleteBeforeReplace: true };
  if (renamed.length > 0) return { replaces: renamed, deleteBeforeReplace: true };
  if (elsewhere.length > 0) return { changes: true };
  if (changed.length > 0) return {};
  return { changes: renewalIsDue(recorded, wall) };
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
