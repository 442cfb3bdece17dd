import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Provider processes that Pulumi started for the program in this directory. */
export function providersOf(directory: string): number[] {
  return running().filter((pid) => {
    const command = told(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')) ?? '';
    return (
      command.split('\0').some((word) => word.includes('cmd/dynamic-provider')) &&
      told(() => readlinkSync(`/proc/${pid}/cwd`)) === directory
    );
  });
}

/** A process and all below it: of an engine its language host, the program, and the providers. */
export function familyOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const one of running()) {
    // The name before the state may hold anything, brackets too (proc(5)).
    const stat = told(() => readFileSync(`/proc/${one}/stat`, 'utf8')) ?? '';
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), one]);
  }
  const family = [pid];
  for (const one of family) family.push(...(children.get(one) ?? []));
  return family;
}

function running(): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^[0-9]+$/.test(entry))
    .map(Number);
}

/** Null for a process that ended meanwhile, or is none of ours. */
function told(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}
