import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { guard, guardedEnvironment } from './guard';
import { missingTools } from './tools';

/** Whether this machine can hold the lab: with which rights, or why not, in one sentence. */
export type LabSupport =
  | { readonly supported: true; readonly rootless: boolean }
  | { readonly supported: false; readonly reason: string };

/** Arguments of `unshare` that make a place of our own, gone when its first process ends. */
export function unshareArguments(rootless: boolean): string[] {
  return [
    ...(rootless ? ['--user', '--map-root-user'] : []),
    '--net',
    '--mount',
    '--pid',
    '--fork',
    '--kill-child',
    '--mount-proc',
  ];
}

const packages: Readonly<Record<string, string>> = {
  unshare: 'util-linux',
  nsenter: 'util-linux',
  ip: 'iproute2',
  nft: 'nftables',
  conntrack: 'conntrack',
};

/** A wire, a bridge and an nft table, in a place of their own: what the lab is made of. */
const trial = `${guard}
mount -t tmpfs tmpfs /run
ip netns add trial
ip -n trial link add veth0 type veth peer name veth1
ip -n trial link add br0 type bridge
ip netns exec trial nft 'add table ip t; add chain ip t c { type nat hook postrouting priority 100; }'
`;

let known: LabSupport | undefined;

/** Tries once per process, in namespaces of its own, what the lab needs. Takes about 50 ms. */
export function labSupport(): LabSupport {
  known ??= probe();
  return known;
}

function probe(): LabSupport {
  if (process.platform !== 'linux') {
    return no(`The lab needs Linux namespaces, and this is ${process.platform}.`);
  }
  const missing = missingTools('The lab', packages);
  if (missing !== null) return no(missing);
  if (!existsSync('/proc/sys/net/ipv6'))
    return no('The lab needs IPv6, which this kernel was started without.');
  const first = attempt(process.getuid?.() !== 0);
  if (first === null) return { supported: true, rootless: process.getuid?.() !== 0 };
  if (process.getuid?.() !== 0) {
    return no(`This kernel lets an ordinary user make no namespaces with a network (${first}): run as root.`);
  }
  // Root in a container often lacks CAP_SYS_ADMIN but may still make a user namespace.
  if (attempt(true) === null) return { supported: true, rootless: true };
  return no(
    `This machine lets even root make no namespaces (${first}): use a machine or container that may.`,
  );
}

/** Null when it worked, else the last line of complaint. */
function attempt(rootless: boolean): string | null {
  const result = spawnSync('unshare', [...unshareArguments(rootless), 'sh', '-euc', trial], {
    env: guardedEnvironment(),
    encoding: 'utf8',
    timeout: 20_000,
  });
  if (result.status === 0) return null;
  return result.stderr?.trim().split('\n').pop() || result.error?.message || `status ${result.status}`;
}

function no(reason: string): LabSupport {
  return { supported: false, reason };
}
