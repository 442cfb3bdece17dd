import type { GatewayInfo } from '../backends/backend';
import type { Forward } from '../rule/rule';

/** What a plan needs to know beside the table and the tasks. */
export interface Situation {
  readonly owner: string;
  readonly gatewayName: string;
  readonly info: GatewayInfo;
  /** Ids of our owner that this process has met, by mark. */
  readonly known: ReadonlyMap<string, string>;
  /** Marks of the rules that this process wrote or confirmed in this run, with their ids: never handed over. */
  readonly held: ReadonlyMap<string, string>;
  /** What this run declared of its rules (at check, or by writing), by id: such a rule still wants what it has. */
  readonly declared: ReadonlyMap<string, Forward>;
  /** What was on the device before this batch changed anything, by `identity`; null = it has not yet. */
  readonly before: ReadonlySet<string> | null;
}
