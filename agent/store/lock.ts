import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { PortforwardError } from '../../provider/rule/error';

/** Held until `release` or the end of this process, however it ends. */
export interface Lock {
  release(): void;
}

/**
 * Makes this process the only agent on the state directory. The lock is flock(2) on an open file that flock(1) takes for
 * us: it belongs to the open file and so stays with us after flock(1) has ended, and the kernel drops it when we die.
 * Throws `refused` when another agent has it. Where flock(1) does not exist the socket is the only guard.
 */
export function lockFile(path: string): Lock {
  const file = openSync(path, 'a', 0o600);
  const taken = spawnSync('flock', ['--nonblock', '--conflict-exit-code', '75', '3'], {
    stdio: ['ignore', 'ignore', 'pipe', file],
  });
  if (taken.status === 75) {
    closeSync(file);
    throw new PortforwardError('refused', `Another portforward-agent uses the state directory of ${path}.`, {
      hint: 'Stop it first, or give this one its own --state-dir and --socket.',
    });
  }
  if (taken.error === undefined && taken.status !== 0) {
    closeSync(file);
    throw new PortforwardError('internal', `flock failed on ${path}: ${String(taken.stderr).trim()}`);
  }
  let held = true;
  return {
    release() {
      if (held) closeSync(file);
      held = false;
    },
  };
}
