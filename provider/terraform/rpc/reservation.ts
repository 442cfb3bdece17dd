import { createHash } from 'node:crypto';
import { lstatSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PortforwardError } from '../../rule/error';

/**
 * Keeps a gateway and owner for one provider process of a run. Each configuration (alias) has a process of its own, which sees
 * its own rules only: two for one gateway would find no conflicts between them, and take each other's ports.
 *
 * `engine` = the process that started us, which is what a run is. Throws `conflict` while another process of it lives
 * that has the gateway; a file that a killed one left behind counts for nothing.
 */
export function reserve(engine: number, owner: string, endpoint: string, gatewayName: string): void {
  const what = createHash('sha256')
    .update(JSON.stringify([owner, endpoint]))
    .digest('hex')
    .slice(0, 16);
  const file = join(tmpdir(), `portforward-${engine}-${what}.lock`);
  for (let attempt = 1; ; attempt += 1) {
    try {
      // Fails where anything is there already, a link too.
      writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 });
      process.once('exit', () => rmSync(file, { force: true }));
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return;
      const holder = holderIn(file);
      if (holder === process.pid) return;
      if (holder !== null && lives(holder)) throw taken(owner, endpoint, gatewayName);
      if (attempt > 2 || !removed(file)) return;
    }
  }
}

/** In a directory for everybody, what others left there cannot be removed. */
function removed(file: string): boolean {
  try {
    rmSync(file, { force: true });
    return true;
  } catch {
    return false;
  }
}

/** Null where the file is not one that this user wrote: others must not be able to keep us out. */
function holderIn(file: string): number | null {
  try {
    const status = lstatSync(file);
    if (!status.isFile() || (process.getuid && status.uid !== process.getuid())) return null;
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function taken(owner: string, endpoint: string, gatewayName: string): PortforwardError {
  return new PortforwardError(
    'conflict',
    `Another provider configuration of this run is for the same gateway, ${endpoint}, and the same owner "${owner}".`,
    {
      hint: `One of them is named "${gatewayName}". Use one configuration for all rules of a gateway (modules take it by "providers"), or give them different owners.`,
      property: 'owner',
    },
  );
}
