import type { RuleState } from './state';

/** Where the configured gateway is, and for whom. */
export interface Place {
  readonly owner: string;
  readonly gatewayName: string;
  readonly endpoint: string;
}

const parts = ['owner', 'gatewayName', 'endpoint'] as const;

/** In what the place of a recorded rule is not that of the configured gateway; empty = it is where it was. Pure. */
export function moved(recorded: RuleState, place: Place): readonly (typeof parts)[number][] {
  return parts.filter((part) => recorded[part] !== place[part]);
}

/** Whether the device that answers has told, then and now, that it is the one on which the rule was put. */
export function sameDevice(recorded: RuleState, device: string | null): boolean {
  return device !== null && recorded.device === device;
}

/** Whether it has told, then and now, that it is another one. */
export function differentDevice(recorded: RuleState, device: string | null): boolean {
  return device !== null && recorded.device !== null && recorded.device !== device;
}
