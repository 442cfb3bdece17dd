import { randomInt } from 'node:crypto';
import { PortforwardError } from '../../rule/error';
import { type Call, GATEWAY, NOBODY, type Reply, type Sending, UBUS, type UbusClient } from './client';
import { type Acls, allows, lacksRights, readAcls } from './rights';

/** Seconds that a login lives unused. Each of ours asks for another number between these. */
const SHORTEST = 600;
const LONGEST = 3600;
/** Milliseconds for logging out when nobody waits for it. */
const LAST_WORDS = 10_000;

/** The login is no longer known to the router, and with it is gone whatever was staged under it. */
export class LoginExpired extends PortforwardError {
  constructor() {
    super('stale', 'The login at the router has expired.', { retryable: true });
  }
}

/** The login at the router: made when it is needed, made anew when it has expired, told apart from a right that is missing. */
export class Login {
  private sid: string | null = null;
  private granted: Acls = {};
  private notOurs = false;
  private count = 0;

  constructor(
    private readonly client: UbusClient,
    readonly username: string,
    private readonly password: string,
  ) {}

  /**
   * Whether the router handed out a login that is not ours: rpcd answers a login with the one that has changes on trial, where
   * it is of the same account. Nothing may be staged, confirmed or ended under it.
   */
  get borrowed(): boolean {
    return this.notOurs;
  }

  /** What the login may do. */
  get acls(): Acls {
    return this.granted;
  }

  get open(): boolean {
    return this.sid !== null;
  }

  /** Which of our logins this is. */
  get number(): number {
    return this.count;
  }

  /** Logs in unless that was done. Throws `credential` for a wrong password. */
  async ensure(signal: AbortSignal): Promise<void> {
    if (this.sid === null) await this.renew(signal);
  }

  /** Logs in, whatever was before. */
  async renew(signal: AbortSignal): Promise<void> {
    const timeout = randomInt(SHORTEST, LONGEST + 1);
    const args = { username: this.username, password: this.password, timeout };
    const call = { object: 'session', method: 'login', args };
    const [reply] = await this.client.send(NOBODY, [call], { signal });
    if (!reply?.ok) throw this.refusal(reply);
    const { ubus_rpc_session: sid, timeout: granted, acls } = reply.data ?? {};
    if (typeof sid !== 'string' || !/^[0-9a-f]{32}$/.test(sid))
      throw new PortforwardError('version', 'The router answered the login without a session.');
    this.client.hide(sid);
    // rpcd keeps the time-out of the login that it hands out again (session.c, rpc_reclaim_apply_session).
    this.notOurs = granted !== timeout;
    this.count += 1;
    this.sid = sid;
    this.granted = readAcls(acls);
  }

  /** As `send`, and once more under a new login where this one has expired. Only for what does not build on earlier calls. */
  async ask(calls: readonly Call[], sending: Sending): Promise<readonly Reply[]> {
    await this.ensure(sending.signal);
    try {
      return await this.send(calls, sending);
    } catch (error) {
      if (!(error instanceof LoginExpired)) throw error;
    }
    await this.renew(sending.signal);
    try {
      return await this.send(calls, sending);
    } catch (error) {
      if (!(error instanceof LoginExpired)) throw error;
      throw new PortforwardError(
        'denied',
        'The router refuses a call that its ACL allows, right after the login.',
        {
          hint: 'Restart rpcd on the router: /etc/init.d/rpcd restart.',
        },
      );
    }
  }

  /** Sends under this login. Throws LoginExpired, or `denied` that names the missing right: the router answers both alike. */
  async send(calls: readonly Call[], sending: Sending): Promise<readonly Reply[]> {
    if (this.sid === null) throw new LoginExpired();
    const replies = await this.client.send(this.sid, calls, sending);
    for (const [index, reply] of replies.entries()) {
      const { object, method } = calls[index] as Call;
      if (reply.ok || reply.code > 0) continue;
      if (reply.code !== GATEWAY.denied) throw gatewayFailure(object, reply);
      if (!allows(this.granted, 'ubus', object, method))
        throw lacksRights(this.granted, this.username, [`"ubus": {"${object}": ["${method}"]}`]);
      this.sid = null;
      throw new LoginExpired();
    }
    return replies;
  }

  /**
   * Ends the login, and with it what is staged under it and not applied. Never throws: unused it ends by itself. Where the
   * caller has given up it is told without waiting for an answer.
   */
  async destroy(signal: AbortSignal): Promise<void> {
    const { sid, notOurs } = this;
    this.sid = null;
    if (sid === null || notOurs) return;
    const call = { object: 'session', method: 'destroy', args: {} };
    const given = signal.aborted ? AbortSignal.timeout(LAST_WORDS) : signal;
    const told = this.client.send(sid, [call], { signal: given }).catch(() => undefined);
    if (!signal.aborted) await told;
  }

  private refusal(reply: Extract<Reply, { ok: false }> | undefined): PortforwardError {
    if (reply?.code === UBUS.denied)
      return new PortforwardError('credential', `The router refused the login of "${this.username}".`, {
        hint: 'Look at username and password (`config login` in /etc/config/rpcd).',
      });
    if (reply?.code === GATEWAY.denied)
      return new PortforwardError('denied', 'The router lets nobody log in over ubus.', {
        hint: 'Its group "unauthenticated" must allow `session login`: /usr/share/rpcd/acl.d/unauthenticated.json.',
      });
    return reply && reply.code < 0
      ? gatewayFailure('session', reply)
      : new PortforwardError('refused', `The router refused the login: ${reply?.words ?? 'no reply'}.`);
  }
}

function gatewayFailure(object: string, { code, words }: { code: number; words: string }): PortforwardError {
  if (code === GATEWAY.noObject)
    return new PortforwardError('version', `The router has no ubus object "${object}".`, {
      hint:
        object === 'file'
          ? 'Install rpcd-mod-file on the router.'
          : 'Is rpcd running there? /etc/init.d/rpcd restart.',
    });
  if (code === GATEWAY.timeout)
    return new PortforwardError(
      'timeout',
      `The router took too long over a call of "${object}". It may have happened.`,
      {
        retryable: true,
      },
    );
  return new PortforwardError(
    'refused',
    `The router did not understand a call of "${object}": ${words} (${code}).`,
  );
}
