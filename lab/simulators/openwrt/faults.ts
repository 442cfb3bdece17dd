import type { Planned } from '../mischief-plan';

/** How one call, or the whole request that holds it, goes wrong. */
export type Misbehaviour =
  /** Carried out; the connection is cut before the answer. */
  | 'lost'
  /** The connection is cut, and nothing is carried out. */
  | 'cut'
  /** Carried out, with all of its request, only after `until`, whoever still waits for it then. */
  | 'held'
  /** Success is answered, and what the call has changed is changed back. */
  | 'unchanged'
  /** Carried out; then the power goes, before the answer. What is on flash stays, what waits in memory is gone. */
  | 'reboot'
  /** Ubus' code 6, and nothing is carried out. */
  | 'denied'
  /** A page instead of JSON. */
  | 'html'
  /** No body at all. */
  | 'empty'
  /** The first half of the answer, rightly framed. */
  | 'truncated'
  /** The first half of the answer; then the connection breaks. */
  | 'broken'
  /** 50 MB of JSON. */
  | 'huge'
  /** An answer that goes on for ever. */
  | 'endless'
  /** The beginning of an answer, and then silence. */
  | 'stalled'
  /** Sent somewhere else. */
  | 'redirect';

export interface Mischief extends Planned {
  readonly how: Misbehaviour;
  /** Which calls, such as `uci.apply`. Default: all. */
  readonly to?: string;
  /** Status of the answer, for `html` (default 200) and `redirect` (default 302). */
  readonly status?: number;
  /** Where `redirect` sends to. */
  readonly location?: string;
  /** For `held`: which requests, by the names of all their calls. Default: all. */
  readonly where?: (calls: readonly string[]) => boolean;
}

/** Looked for when a request comes in, before anything of it is carried out. */
export const ofTheRequest = ({ how }: Mischief): boolean => ['html', 'redirect', 'cut'].includes(how);
/** Looked for next. */
export const ofTheWait = ({ how }: Mischief): boolean => how === 'held';
/** Looked for at every call. */
export const ofTheCall = ({ how }: Mischief): boolean =>
  ['lost', 'unchanged', 'reboot', 'denied'].includes(how);
/** Looked for when the answer is ready. */
export const ofTheAnswer = (mischief: Mischief): boolean =>
  !ofTheRequest(mischief) && !ofTheWait(mischief) && !ofTheCall(mischief);

/** Faults that hold until they are switched off; all off at first. */
export interface Faults {
  /** Milliseconds before a request is looked at. */
  delay: number;
  /** Every password is wrong. */
  refuseLogins: boolean;
  /** Objects in answers have fields that nobody knows. */
  unknownFields: boolean;
  /** The classic path answers as newer versions do at `/ubus/call/`: no pair of code and data, errors of ubus as errors. */
  bareAnswers: boolean;
  /** Milliseconds that the router is away when it starts anew. */
  downtime: number;
}

export const noFaults = (): Faults => ({
  delay: 0,
  refuseLogins: false,
  unknownFields: false,
  bareAnswers: false,
  downtime: 0,
});
