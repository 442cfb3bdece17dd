import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { PortforwardError } from '../../provider/rule/error';
import { errnoOf } from '../store/files';

/** Characters; 32 hexadecimal ones are 128 bits. */
const MIN_LENGTH = 32;

/** Wrong tokens within one minute after which no token is looked at for the rest of it. */
const MAX_FAILURES = 10;

const WINDOW = 60_000;

/** Whether a request may pass; `wait` = seconds until a token is looked at again. */
export type Verdict = 'pass' | 'refused' | { readonly wait: number };

/** One shared token, compared in constant time, with a pause after ten wrong ones. */
export class TokenGate {
  private readonly expected: Buffer;
  private failures: number[] = [];

  constructor(
    token: string,
    /** Milliseconds. */
    private readonly now: () => number = () => performance.now(),
  ) {
    this.expected = digest(token);
  }

  /** Reads the file; throws `refused` when it is missing, unreadable or too short: no file must never mean no lock. */
  static fromFile(path: string): TokenGate {
    let text: string;
    try {
      text = readFileSync(path, 'utf8').trim();
    } catch (error) {
      throw new PortforwardError('refused', `The token file ${path} cannot be read (${errnoOf(error)}).`, {
        hint: `Make one: (umask 077; openssl rand -hex 32 > ${path}), readable by the agent's user.`,
      });
    }
    if (text.length < MIN_LENGTH || /\s/.test(text))
      throw new PortforwardError(
        'refused',
        `The token in ${path} must be one word of at least ${MIN_LENGTH} characters.`,
        { hint: `Make one: (umask 077; openssl rand -hex 32 > ${path}).` },
      );
    return new TokenGate(text);
  }

  /** `authorization` = the header as it came. */
  check(authorization: string | undefined): Verdict {
    const now = this.now();
    this.failures = this.failures.filter((at) => now - at < WINDOW);
    const [first] = this.failures;
    if (first !== undefined && this.failures.length >= MAX_FAILURES)
      return { wait: Math.max(1, Math.ceil((first + WINDOW - now) / 1000)) };
    const given = /^Bearer ([^\s]+)$/i.exec(authorization ?? '')?.[1] ?? '';
    if (timingSafeEqual(digest(given), this.expected)) return 'pass';
    this.failures.push(now);
    return 'refused';
  }
}

/** Equal length whatever was given, so that the comparison tells nothing of it. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
