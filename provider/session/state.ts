import type { RuleInputs } from '../rule/rule';

/** What an engine keeps of a rule between runs. Users' states hold this shape for ever: add, never rename. */
export interface RuleState {
  /** As the user spelled them; after a read, with the live value of every property that differs. */
  readonly inputs: RuleInputs;
  readonly owner: string;
  readonly gatewayName: string;
  readonly endpoint: string;
  /** The identity that the device tells; null where it tells none. */
  readonly device: string | null;
  readonly entries: readonly RecordedEntry[];
  /** ISO time by which a leased mapping must be renewed; absent where nothing expires. */
  readonly renewalDue?: string;
}

export interface RecordedEntry {
  readonly tag: string;
  /** contentHash of the entry, 8 hex. */
  readonly content: string;
  /** The device's own id. */
  readonly handle: string;
  readonly permanent: boolean;
}
