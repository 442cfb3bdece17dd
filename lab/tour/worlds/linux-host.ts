import type { Loss, Obstacle } from '../world';

/** What befalls the agent's forwards on a Linux host, whose firewall belongs to somebody else. */

export function flushed(strike: Loss['strike'], restored: () => Promise<boolean>): Loss {
  return {
    title: "The host's own firewall file is reloaded, and flushes everything: it heals by itself",
    strike,
    recovery: { claim: 'the agent has restored its table, with no engine run', done: restored },
  };
}

export function blocked({ place, doctor, clear }: Pick<Obstacle, 'place' | 'doctor' | 'clear'>): Obstacle {
  return {
    title: 'A host firewall drops what is forwarded: diagnosed, and let through by one line',
    place,
    doctor,
    claim: 'the doctor tells that it is blocked, and which line lets it through',
    told: (report) => /meta mark [^\n`"']*?accept/.exec(report)?.[0] ?? null,
    clear,
  };
}
