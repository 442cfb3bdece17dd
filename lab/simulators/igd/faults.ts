import type { Planned } from '../mischief-plan';

/** How one request goes wrong. */
export type Misbehaviour =
  /** The code in `code`, and nothing is carried out. */
  | 'fault'
  /** Carried out; the connection is cut before the answer. */
  | 'lost'
  /** The connection is cut, and nothing is carried out. */
  | 'cut'
  /** Carried out only after `until`, whoever still waits for it then. */
  | 'held'
  /** Success is answered, and nothing is changed. */
  | 'unchanged'
  /** Carried out; then the router starts anew, before the answer. */
  | 'reboot'
  /** A page instead of XML. */
  | 'html'
  /** Sent somewhere else. */
  | 'redirect'
  /** No body at all. */
  | 'empty'
  /** The first half of the answer, rightly framed. */
  | 'truncated'
  /** The first half of the answer; then the connection breaks. */
  | 'broken'
  /** 50 MB of XML. */
  | 'huge'
  /** An answer that goes on for ever. */
  | 'endless'
  /** The beginning of an answer, and then silence. */
  | 'stalled'
  /** Lines that end in LF alone, as old routers write them. */
  | 'bare-lf'
  /** A header that goes on in the next line (RFC 9112 5.2 forbids it). */
  | 'folded-header'
  /** A header with a control character. */
  | 'control-character'
  /** A space between a header's name and its colon (RFC 9112 5.1 forbids it). */
  | 'space-before-colon'
  /** Two lengths that contradict each other (RFC 9112 6.3). */
  | 'double-length';

export interface Mischief extends Planned {
  readonly how: Misbehaviour;
  /** Names of actions, or `description` or `scpd`. Default: all. */
  readonly to?: string | readonly string[];
  /** For `fault`: its code, default 501, and its words, default those of the code. */
  readonly code?: number;
  readonly words?: string;
  /** Which calls, by their arguments. Default: all. */
  readonly where?: (args: ReadonlyMap<string, string>) => boolean;
  /** Status of the answer, for `html` (default 200) and `redirect` (default 302). */
  readonly status?: number;
  /** Where `redirect` sends to. */
  readonly location?: string;
}

/** Looked for when a request comes in, before anything of it is carried out. */
export const ofTheRequest = ({ how }: Mischief): boolean =>
  ['cut', 'html', 'redirect', 'fault'].includes(how);
/** Looked for at what is carried out. */
export const ofTheCall = ({ how }: Mischief): boolean =>
  ['lost', 'held', 'unchanged', 'reboot'].includes(how);
/** Looked for when the answer is ready. */
export const ofTheAnswer = (mischief: Mischief): boolean => !ofTheRequest(mischief) && !ofTheCall(mischief);

/** Faults that hold until they are switched off; all off at first. */
export interface Faults {
  /** Milliseconds before a request is looked at. */
  delay: number;
  /** Remote hosts are dropped without a word: everybody may connect. */
  dropRemoteHost: boolean;
  /** The description puts the control URLs on this host: `http://192.0.2.1:80`. */
  controlAt: string | null;
  /** The description has this URLBase (UPnP Device Architecture 1.0). */
  urlBase: string | null;
  /** No search is answered. */
  deafToSearch: boolean;
  /** Searches are answered with this LOCATION. */
  location: string | null;
  /** Searches are answered from this address of the machine. */
  searchAnswersFrom: string | null;
  /** Datagrams that come before the true answer to a search. */
  searchJunk: readonly Buffer[];
}

export const noFaults = (): Faults => ({
  delay: 0,
  dropRemoteHost: false,
  controlAt: null,
  urlBase: null,
  deafToSearch: false,
  location: null,
  searchAnswersFrom: null,
  searchJunk: [],
});
