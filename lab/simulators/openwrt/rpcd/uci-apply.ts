import type { Methods, Reply } from '../ubus/bus';
import { ubusCode } from '../ubus/codes';
import { commit, type PendingApply } from './pending-apply';
import { may, type UciContext, view } from './uci-context';

/** Seconds. */
const DEFAULT_TIMEOUT = 60;

/** The methods of `uci` that make staged changes real, or drop them. */
export function applyMethods(context: UciContext, pending: PendingApply): Methods {
  /** While an apply is pending nobody may do either, whatever the configuration. */
  const end = (config: unknown, sid: string, act: (config: string) => void): Reply => {
    if (pending.sid !== null) return [ubusCode.permissionDenied];
    if (typeof config !== 'string') return [ubusCode.invalidArgument];
    if (!may(context, sid, 'write', config)) return [ubusCode.permissionDenied];
    const uci = view(context, sid, config);
    if (typeof uci === 'number') return [uci];
    act(config);
    return [ubusCode.ok];
  };
  return {
    commit: {
      args: { config: 'string' },
      run: ({ config }, sid) => end(config, sid, (name) => commit(context, sid, name)),
    },
    revert: {
      args: { config: 'string' },
      run: ({ config }, sid) => end(config, sid, (name) => context.staging.put(sid, name, [])),
    },
    apply: {
      args: { rollback: 'boolean', timeout: 'number' },
      run: ({ rollback, timeout }, sid) => [
        pending.apply(sid, rollback === true ? Number(timeout ?? DEFAULT_TIMEOUT) : null),
      ],
    },
    confirm: { args: {}, run: (_, sid) => [pending.confirm(sid)] },
    rollback: { args: {}, run: (_, sid) => [pending.rollback(sid)] },
  };
}
