import { randomBytes } from 'node:crypto';
import type { SimulatorClock } from '../../clock';
import { type Grant, same } from './acl';
import { fnmatch } from './fnmatch';

/** The session that everybody has before a login. */
export const NULL_SID = '0'.repeat(32);

export interface Session {
  readonly sid: string;
  /** Seconds without any use until it ends; 0 and less = never. */
  readonly timeout: number;
  readonly grants: Grant[];
  readonly data: Map<string, unknown>;
  expires: number;
}

/** The logins that hold. */
export class Sessions {
  private readonly open = new Map<string, Session>();

  /** `ended` is told of every session that ends, so that what it has staged goes with it. */
  constructor(
    private readonly clock: SimulatorClock,
    private readonly ended: (sid: string) => void,
  ) {}

  create(timeout: number, sid = randomBytes(16).toString('hex')): Session {
    const session = { sid, timeout, grants: [], data: new Map(), expires: Number.POSITIVE_INFINITY };
    this.open.set(sid, session);
    this.touch(session);
    return session;
  }

  /** Finding a session counts as using it. */
  find(sid: string): Session | undefined {
    const session = this.open.get(sid);
    if (session && session.expires <= this.clock.now()) this.destroy(sid);
    else if (session) this.touch(session);
    return this.open.get(sid);
  }

  allows(sid: string, scope: string, object: string, name: string): boolean {
    const grants = this.find(sid)?.grants ?? [];
    return grants.some(
      (grant) => grant.scope === scope && fnmatch(grant.object, object) && fnmatch(grant.function, name),
    );
  }

  destroy(sid: string): void {
    if (this.open.delete(sid)) this.ended(sid);
  }

  /** Takes a right from everybody who is logged in. */
  revoke(grant: Grant): void {
    for (const { grants } of this.open.values()) {
      const kept = grants.filter((one) => !same(one, grant));
      grants.splice(0, grants.length, ...kept);
    }
  }

  /** All but the one without a login. */
  clear(): void {
    for (const sid of this.open.keys()) if (sid !== NULL_SID) this.destroy(sid);
  }

  get all(): readonly Session[] {
    return [...this.open.keys()].flatMap((sid) => {
      const session = this.open.get(sid) as Session;
      if (session.expires > this.clock.now()) return [session];
      this.destroy(sid);
      return [];
    });
  }

  /** Whole seconds left, as a login is told; a fresh one of 300 has 299. */
  left({ timeout, expires }: Session): number {
    return timeout > 0 ? Math.max(0, Math.ceil((expires - this.clock.now()) / 1000) - 1) : 0;
  }

  private touch(session: Session): void {
    if (session.timeout > 0) session.expires = this.clock.now() + session.timeout * 1000;
  }
}
