import { setAll } from './by-hand';
import type { OpenWrtDevice } from './device';
import { ubusCode } from './ubus/codes';
import { UciCursor } from './uci/cursor';
import { UciPackage, type UciValue } from './uci/package';

export interface OtherApplyOptions {
  /** Whose it is. Default: `root`. */
  readonly username?: string;
  /** Seconds that their session lasts without any use. Default 3600, as LuCI asks for. */
  readonly sessionTimeout?: number;
  /** Seconds until the change is taken back. Default 90, as LuCI asks for. */
  readonly timeout?: number;
  /** A section of /etc/config/firewall that they add, and its options. */
  readonly section?: {
    readonly type: string;
    readonly name?: string;
    readonly values: Readonly<Record<string, UciValue>>;
  };
}

/** Somebody else's change of the firewall that waits for their confirmation; until then nobody else can apply or commit. */
export class OtherApply {
  readonly sid: string;

  constructor(
    private readonly device: OpenWrtDevice,
    options: OtherApplyOptions,
  ) {
    const { username = 'root', sessionTimeout = 3600, timeout = 90, section = USUAL } = options;
    const session = device.sessions.create(sessionTimeout);
    session.grants.push(...device.grantsOf(username));
    session.data.set('username', username);
    this.sid = session.sid;
    const cursor = new UciCursor(device.files.load('firewall') ?? new UciPackage());
    const added =
      section.name === undefined ? cursor.anonymous(section.type) : cursor.named(section.type, section.name);
    setAll(cursor, added, section.values);
    device.staging.append(this.sid, 'firewall', cursor.changes);
    expectOk(device.pending.apply(this.sid, timeout));
  }

  /** Whether it still waits. */
  get waits(): boolean {
    return this.device.pending.sid === this.sid;
  }

  confirm(): void {
    expectOk(this.device.pending.confirm(this.sid));
  }

  rollback(): void {
    expectOk(this.device.pending.rollback(this.sid));
  }
}

const USUAL: NonNullable<OtherApplyOptions['section']> = {
  type: 'rule',
  values: { name: 'somebody else', src: 'lan', target: 'ACCEPT' },
};

function expectOk(code: number): void {
  if (code !== ubusCode.ok) throw new Error(`the other one was refused with code ${code}`);
}
