import { readlinkSync } from 'node:fs';

/** Names, in a child's environment, the network namespace that it must not be in. */
export const LAUNCHER_NET = 'PORTFORWARD_LAB_LAUNCHER_NET';

/** Exit status of a child that found itself in the launcher's own network. */
export const REFUSED = 97;

/** The network namespace of this process, as the kernel names it: `net:[4026531840]`. */
export function ownNetwork(): string {
  return readlinkSync('/proc/self/ns/net');
}

/** POSIX sh: ends with status 97 unless the network is another one than the launcher's. */
export const guard = `if [ -z "$${LAUNCHER_NET}" ] || [ "$(readlink /proc/self/ns/net)" = "$${LAUNCHER_NET}" ]; then
  echo "refused: this would act on the launcher's own network, not on the lab's" >&2
  exit ${REFUSED}
fi
`;

/** The same for our own Node processes. Throws when they are not inside the lab. */
export function refuseOutsideLab(): void {
  const launcher = process.env[LAUNCHER_NET];
  if (!launcher || launcher === ownNetwork()) {
    console.error("refused: this would act on the launcher's own network, not on the lab's");
    process.exit(REFUSED);
  }
}

/** Environment for every child of the lab: the guard's mark, and the directories where Debian keeps ip and nft. */
export function guardedEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return { ...env, PATH: sbinPath(env.PATH), [LAUNCHER_NET]: ownNetwork() };
}

/** An ordinary user's PATH lacks the directories of ip and nft on Debian. */
export function sbinPath(path = ''): string {
  const parts = path.split(':').filter(Boolean);
  return [...parts, ...['/usr/sbin', '/sbin', '/usr/bin', '/bin'].filter((dir) => !parts.includes(dir))].join(
    ':',
  );
}
