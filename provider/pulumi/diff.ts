import { diff as differing } from '../rule/diff';
import type { LooseInputs } from '../rule/rule';
import type { RuleState } from '../session/state';

/** Where the configured gateway is; a rule recorded elsewhere has to move. */
export interface Place {
  readonly owner: string;
  readonly gatewayName: string;
  readonly endpoint: string;
}

/** What Pulumi's dynamic provider passes on of a diff. */
export interface DiffAnswer {
  /** Absent = the engine compares the inputs itself, and so shows property by property. */
  readonly changes?: boolean;
  readonly replaces?: string[];
  readonly deleteBeforeReplace?: boolean;
}

/**
 * Compares the recorded rule with the wanted one and with the configured gateway. Pure: Pulumi calls it one rule at a
 * time. Every replacement deletes first, because old and new share a tag.
 */
export function diffRule(recorded: RuleState, wanted: LooseInputs, place: Place): DiffAnswer {
  const changed = differing({ ...recorded.inputs }, wanted);
  const moved = [
    ...(recorded.owner === place.owner ? [] : ['owner']),
    ...(recorded.gatewayName === place.gatewayName ? [] : ['gatewayName']),
  ];
  const renamed = changed.includes('name') ? ['name'] : [];
  // What moved is seen in the outputs alone, where the engine does not look: it has to be told.
  if (moved.length > 0) return { changes: true, replaces: [...renamed, ...moved], deleteBeforeReplace: true };
  if (renamed.length > 0) return { replaces: renamed, deleteBeforeReplace: true };
  if (recorded.endpoint !== place.endpoint) return { changes: true };
  return changed.length > 0 ? {} : { changes: false };
}
