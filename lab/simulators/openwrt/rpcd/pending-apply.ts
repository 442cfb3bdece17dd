import type { SimulatorClock } from '../../clock';
import { ubusCode } from '../ubus/codes';
import type { UciChange } from '../uci/change';
import { may, type UciContext } from './uci-context';

/** One configuration as it was before an apply: the whole file, and what the session had staged. */
interface Snapshot {
  readonly config: string;
  readonly text: string;
  readonly changes: readonly UciChange[];
}

/** The one apply of the whole device that may wait for its confirmation, whoever has sent it. */
export class PendingApply {
  /** Whose apply waits. */
  sid: string | null = null;
  private snapshots: readonly Snapshot[] = [];
  private cancel: (() => void) | null = null;

  constructor(
    private readonly context: UciContext,
    private readonly clock: SimulatorClock,
  ) {}

  /** `seconds` until it is taken back; null = it stays. */
  apply(sid: string, seconds: number | null): number {
    if (this.sid !== null && seconds !== null) return ubusCode.permissionDenied;
    this.snapshots = [];
    // Without a rollback of its own it spoils the pending one, which has nothing left to go back to, and does nothing.
    if (this.sid !== null) return ubusCode.ok;
    const { files, staging } = this.context;
    const configs = staging.configs(sid);
    if (configs.some((config) => !may(this.context, sid, 'write', config))) return ubusCode.permissionDenied;
    if (configs.length === 0) return ubusCode.noData;
    this.snapshots = configs.map((config) => ({
      config,
      text: files.text(config) ?? '',
      changes: [...staging.changes(sid, config)],
    }));
    if (seconds !== null) {
      this.sid = sid;
      this.cancel = this.clock.after(seconds * 1000, () => this.takeBack());
    }
    for (const config of configs) commit(this.context, sid, config);
    return ubusCode.ok;
  }

  confirm(sid: string): number {
    const refused = this.refuses(sid);
    if (refused === null) this.end();
    return refused ?? ubusCode.ok;
  }

  rollback(sid: string): number {
    const refused = this.refuses(sid);
    if (refused === null) this.takeBack();
    return refused ?? ubusCode.ok;
  }

  /**
   * Whole files come back as they were, and with them what others have changed meanwhile is lost. What the session had
   * staged is staged again, if it still lives: its next apply would bring everything again.
   */
  takeBack(): void {
    const { sid, snapshots } = this;
    this.end();
    if (sid === null) return;
    const lives =
      snapshots.length > 0 && snapshots.every(({ config }) => may(this.context, sid, 'write', config));
    for (const { config, text, changes } of snapshots) {
      this.context.files.write(config, text);
      this.context.changed(config);
      if (lives) this.context.staging.put(sid, config, changes);
    }
  }

  /** The power goes: nobody knows any more that something was to be taken back. */
  forget(): void {
    this.end();
  }

  private refuses(sid: string): number | null {
    if (this.sid === null) return ubusCode.noData;
    return this.sid === sid ? null : ubusCode.permissionDenied;
  }

  private end(): void {
    this.cancel?.();
    this.cancel = null;
    this.sid = null;
    this.snapshots = [];
  }
}

/** Writes what this session has staged, and tells the services, also where nothing was to be written. */
export function commit({ files, staging, changed }: UciContext, sid: string, config: string): void {
  if (files.commit(config, staging.changes(sid, config))) staging.put(sid, config, []);
  changed(config);
}
