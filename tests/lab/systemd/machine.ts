import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { constants, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { guard, guardedEnvironment } from '../../../lab/namespaces/guard';
import { type Missing, missingForLab } from '../../support/needs';

const SYSTEMD = '/lib/systemd/systemd';

/** A file system of our own over this machine's: what is written stays ours. `$1`: an empty directory. */
const OVERLAY = `mount --make-rprivate /
mount -t tmpfs tmpfs "$1"
mkdir "$1/up" "$1/work" "$1/root" "$1/groups"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/up,workdir=$1/work" "$1/root"
`;

/** Services of a machine that is none: they would look for terminals, devices and users. */
const MASKED = [
  ...['getty.target', 'remote-fs.target', 'systemd-logind.service', 'systemd-networkd.service'],
  ...['systemd-resolved.service', 'systemd-udevd.service', 'systemd-journal-flush.service'],
];

const PREPARE = `${OVERLAY}
cd "$1/root"
echo 0123456789abcdef0123456789abcdef >etc/machine-id
: >etc/fstab
mkdir -p etc/systemd/system
# A fresh machine: nothing is switched on yet.
rm -rf etc/systemd/system/*.wants etc/systemd/system/*.requires
for unit in ${MASKED.join(' ')}; do ln -sf /dev/null "etc/systemd/system/$unit"; done
cat >etc/systemd/system/booted.service <<END
[Unit]
After=multi-user.target
[Service]
ExecStart=/bin/sh -c 'systemctl is-system-running --wait; echo booted >/booted'
END
mkfifo booted
mkdir -p etc/systemd/system/multi-user.target.wants
ln -s ../booted.service etc/systemd/system/multi-user.target.wants/
mount -t cgroup2 cgroup2 "$1/groups"
mkdir "$1/groups/portforward-$$"
echo "$1/groups/portforward-$$"
cat >/dev/null
echo 1 >"$1/groups/portforward-$$/cgroup.kill"
until find "$1/groups/portforward-$$" -depth -type d -exec rmdir {} + 2>/dev/null; do sleep 0.1; done
`;

/** `$1`: the directory; the network: a WAN and a LAN. */
const BOOT = `${guard}
root="$1/root"
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
mkdir "$root/dev/pts" "$root/dev/shm" "$root/dev/mqueue" "$root/dev/hugepages"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
for device in null zero full random urandom tty; do
  : >"$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
for name in lo wan0 lan0; do
  [ $name = lo ] || ip link add $name type veth peer name far-$name
  ip link set $name up
done
ip link set far-wan0 up
ip addr add 203.0.113.2/24 dev wan0
ip addr add 192.168.50.1/24 dev lan0
ip route add default via 203.0.113.1
echo 1 >/proc/sys/net/ipv4/ip_forward
cd "$root"
mkdir -p old
pivot_root . old
umount -l /old
exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin ${SYSTEMD} --system --unit=multi-user.target
`;

/** Why this machine cannot boot a systemd of its own in a place of ours, or null. */
export function missingForSystemd(): Missing {
  const lab = missingForLab();
  if (lab !== null) return lab;
  if (process.getuid?.() !== 0) return 'only root can boot a systemd';
  if (!existsSync(SYSTEMD)) return 'no systemd on this machine';
  const directory = mkdtempSync(join(tmpdir(), 'pf-boot-'));
  try {
    const script = `${OVERLAY}mount -t cgroup2 cgroup2 "$1/groups" && mkdir "$1/groups/pf-$$" && rmdir "$1/groups/pf-$$"`;
    const trial = spawnSync('unshare', ['--mount', 'sh', '-euc', script, 'trial', directory]);
    return trial.status === 0 ? null : 'no overlay file system or control groups to be had here';
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A machine with the files of this one, booted by the real systemd in namespaces of its own. Reboots keep its disk. */
export class Machine {
  private readonly directory = mkdtempSync(join(tmpdir(), 'pf-boot-'));
  private disk: ChildProcess | null = null;
  private group = '';
  private running: { readonly child: ChildProcess; readonly ended: Promise<unknown> } | null = null;
  private first = 0;

  /** The disk, seen from here. */
  get files(): string {
    return `/proc/${this.disk?.pid}/root${this.directory}/root`;
  }

  /** The root of the running machine, seen from here: sockets below it can be opened. */
  get root(): string {
    return `/proc/${this.first}/root`;
  }

  /** Makes the disk. Nothing runs yet. */
  static async prepare(): Promise<Machine> {
    const machine = new Machine();
    const disk = spawn('unshare', ['--mount', 'sh', '-euc', PREPARE, 'disk', machine.directory], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    machine.disk = disk;
    const [line] = await once(disk.stdout, 'data');
    machine.group = String(line).trim();
    return machine;
  }

  /** Resolves when all that starts at boot has started, or failed. */
  async boot(): Promise<void> {
    const fifo = openSync(join(this.files, 'booted'), constants.O_RDWR | constants.O_NONBLOCK);
    const reader = new Socket({ fd: fifo, readable: true, writable: false });
    const booted = once(reader, 'data');
    const script = `echo $$ >"${this.group}/cgroup.procs"
exec unshare --mount --pid --fork --kill-child --net --uts --ipc --cgroup sh -euc "$2" boot "$1"`;
    const child = spawn(
      'nsenter',
      [`--mount=/proc/${this.disk?.pid}/ns/mnt`, 'sh', '-euc', script, 'boot', this.directory, BOOT],
      { stdio: ['ignore', 'ignore', 'pipe'], env: guardedEnvironment() },
    );
    let complaint = '';
    child.stderr.on('data', (text) => {
      complaint = (complaint + text).slice(-4000);
    });
    const ended = once(child, 'close');
    this.running = { child, ended };
    const failed = ended.then(() => {
      throw new Error(`systemd ended: ${complaint}`);
    });
    failed.catch(() => undefined);
    await Promise.race([booted, failed]);
    reader.destroy();
    this.first = Number(
      (await promisify(execFile)('pgrep', ['--parent', String(child.pid)])).stdout.trim().split('\n')[0],
    );
  }

  /** Runs a command on it; what it printed. Throws where the command fails. */
  async run(command: string, ...args: string[]): Promise<string> {
    const path = 'PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
    const inside = [`--target=${this.first}`, '--all', 'env', '-i', path, command, ...args];
    return (await promisify(execFile)('nsenter', inside)).stdout;
  }

  /** Pulls the plug. */
  async off(): Promise<void> {
    this.running?.child.kill('SIGKILL');
    await this.running?.ended;
    this.running = null;
  }

  async remove(): Promise<void> {
    await this.off();
    if (this.disk) {
      const gone = once(this.disk, 'close');
      this.disk.stdin?.end();
      await gone;
    }
    rmSync(this.directory, { recursive: true, force: true });
  }
}
