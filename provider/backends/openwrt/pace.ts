/** How long the router is waited for. Milliseconds. */
export interface Pace {
  /** Longest wait for the end of somebody else's trial; LuCI gives itself 90 s. */
  readonly busy: number;
  /** Longest wait until the firewall has loaded what we changed. */
  readonly reload: number;
  /** For so long after a change procd waits before it has the firewall loaded. */
  readonly procd: number;
  /** How long what does not fit together may be a firewall that is loading for somebody else, or once more. */
  readonly grace: number;
  /** The first of the waits between two questions; each further one is half as long again, up to `slowest`. */
  readonly first: number;
  readonly slowest: number;
  /** The same where it is only asked whether the firewall has loaded: a short chain is listed for that. */
  readonly watching: number;
}

/** Reload and grace fit into the time of a trial (TRIAL_SECONDS). */
export const PACE: Pace = {
  busy: 100_000,
  reload: 25_000,
  procd: 1_000,
  grace: 5_000,
  first: 50,
  slowest: 1_000,
  watching: 200,
};

/** The waits between questions, one after the other. */
export function* waits({ first, slowest }: Pick<Pace, 'first' | 'slowest'>): Generator<number, never> {
  for (let wait = first; ; wait = Math.min(wait * 1.5, slowest)) yield wait;
}
