/** How a gateway in memory misbehaves, one switch each; all off at first. */
export interface MemoryFaults {
  /** Nothing answers. */
  unreachable: boolean;
  /** Every answer takes this many milliseconds; Infinity = none comes until the switch is turned back. */
  delay: number;
  /** Logins are refused. */
  refuseLogin: boolean;
  /** The next apply is carried out, and its answer lost; counts down. */
  loseAnswers: number;
  /** The next apply is lost on the way; counts down. */
  loseRequests: number;
  /** The next apply is carried out only after this many further calls, and its answer lost. 0 = off. */
  commitLate: number;
  /** Success is reported and nothing is done. */
  doNothing: boolean;
  /** Sources are dropped without a word: everyone may connect. */
  ignoreSources: boolean;
  /** Changes that put an entry with this external port are refused with these words. */
  readonly refuse: Map<number, string>;
  /** Removals are refused with these words. */
  refuseRemovals: string | null;
  /** On an all-or-nothing gateway: a refused batch does not say which change was bad. */
  nameless: boolean;
  /** Entries with this external port are reported as blocked, with this hint. */
  readonly blocked: Map<number, string>;
  /** While an entry has this external port, no new connection gets through: it captures the way to the gateway itself. */
  readonly cutsWay: Set<number>;
  /** The next confirmation comes too late: the changes were taken back already; counts down. */
  confirmLate: number;
  /** The next confirmation does not reach the gateway; counts down. */
  confirmUnheard: number;
  /** Entries are shown only when asked for by handle. */
  hideUnasked: boolean;
  /** Runs before each apply is looked at, as another program that is quicker would. */
  beforeApply: (() => void) | null;
}

export function noFaults(): MemoryFaults {
  return {
    unreachable: false,
    delay: 0,
    refuseLogin: false,
    loseAnswers: 0,
    loseRequests: 0,
    commitLate: 0,
    doNothing: false,
    ignoreSources: false,
    refuse: new Map(),
    refuseRemovals: null,
    nameless: false,
    blocked: new Map(),
    cutsWay: new Set(),
    confirmLate: 0,
    confirmUnheard: 0,
    hideUnasked: false,
    beforeApply: null,
  };
}
