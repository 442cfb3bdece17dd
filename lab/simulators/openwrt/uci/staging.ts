import type { UciChange } from './change';

/** /var/run/rpcd/uci-<sid>: the changes of each session that wait for its commit. Others do not see them. */
export class UciStaging {
  private readonly sessions = new Map<string, Map<string, UciChange[]>>();

  changes(sid: string, config: string): readonly UciChange[] {
    return this.sessions.get(sid)?.get(config) ?? [];
  }

  /** The configurations that this session has changed. */
  configs(sid: string): readonly string[] {
    const staged = [...(this.sessions.get(sid) ?? [])].filter(([, changes]) => changes.length > 0);
    return staged.map(([config]) => config).sort();
  }

  append(sid: string, config: string, changes: readonly UciChange[]): void {
    const staged = this.sessions.get(sid)?.get(config);
    if (staged) staged.push(...changes);
    else this.put(sid, config, changes);
  }

  put(sid: string, config: string, changes: readonly UciChange[]): void {
    const configs = this.sessions.get(sid) ?? new Map<string, UciChange[]>();
    this.sessions.set(sid, configs.set(config, [...changes]));
  }

  drop(sid: string): void {
    this.sessions.delete(sid);
  }

  clear(): void {
    this.sessions.clear();
  }
}
