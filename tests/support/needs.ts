import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A part of the suite that needs something of the machine; null = it can run, text = why it is left out. */
export type Missing = string | null;

/** Runs the suite where it can run; elsewhere one skipped test says by name what was left out and why. */
export function describeWhere(missing: Missing, name: string, body: () => void): void {
  if (missing === null) describe(name, body);
  // The one place where a test is switched off: the machine lacks what it needs, and the summary names it.
  else describe(name, () => test.skip(`left out: ${missing}`, () => undefined));
}

/** Network namespaces of our own with nftables inside: what every test with real packets needs. */
export function missingForLab(): Missing {
  if (process.platform !== 'linux') return 'network namespaces need Linux';
  if (process.getuid?.() !== 0) return 'network namespaces need root here';
  for (const tool of ['unshare', 'nsenter', 'ip', 'nft', 'conntrack'])
    if (onPath(tool) === null) return `${tool} is not installed`;
  try {
    execFileSync('unshare', ['--net', 'nft', 'list', 'ruleset'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'this kernel gives us no network namespace with nftables';
  }
}

/** The directory of a Pulumi CLI: PATH first, then the newest that Pulumi itself keeps. */
export function pulumiBin(): string | null {
  const found = onPath('pulumi');
  if (found !== null) return found;
  const kept = join(process.env.PULUMI_HOME ?? join(homedir(), '.pulumi'), 'versions');
  const versions = existsSync(kept)
    ? readdirSync(kept).sort((a, b) => b.localeCompare(a, undefined, { numeric: true }))
    : [];
  for (const version of versions)
    if (existsSync(join(kept, version, 'bin', 'pulumi'))) return join(kept, version, 'bin');
  return null;
}

export function missingForPulumi(): Missing {
  return pulumiBin() === null ? 'no Pulumi CLI on this machine' : null;
}

function onPath(tool: string): string | null {
  const places = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return places.find((place) => existsSync(join(place, tool))) ?? null;
}
