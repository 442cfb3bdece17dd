import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { unitsDirectory } from '../../agent/commands/units';
import { packageRoot } from '../../lab/namespaces/compiled';
import type { Session } from '../../provider/session/session';
import { describeWhere } from '../support/needs';
import { Machine, missingForSystemd } from './systemd/machine';
import { openSession, web } from './whole';

jest.setTimeout(180_000);

const UNITS = ['portforward-agent.service', 'portforward-restore.service'];

/** As the agent's guide says: the package in /usr/local, a user, the units, and Debian's own service that flushes. */
function install(files: string): void {
  const place = join(files, 'usr/local/lib/node_modules/portforward');
  mkdirSync(join(place, 'node_modules'), { recursive: true });
  for (const name of ['dist', 'package.json', 'agent/units'])
    cpSync(join(packageRoot(), name), join(place, name), { recursive: true });
  const { dependencies } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies))
    cpSync(join(packageRoot(), 'node_modules', name), join(place, 'node_modules', name), { recursive: true });
  mkdirSync(join(files, 'usr/local/bin'), { recursive: true });
  chmodSync(join(place, 'dist/agent/main.js'), 0o755);
  symlinkSync(
    '../lib/node_modules/portforward/dist/agent/main.js',
    join(files, 'usr/local/bin/portforward-agent'),
  );
  execFileSync('useradd', ['--root', files, '--system', '--user-group', '--no-create-home', 'portforward']);
  const enabled = [
    ...UNITS.map((unit) => {
      cpSync(join(unitsDirectory(), unit), join(files, 'etc/systemd/system', unit));
      return join('/etc/systemd/system', unit);
    }),
  ];
  enable(files, 'multi-user.target', enabled);
  enable(files, 'sysinit.target', ['/lib/systemd/system/nftables.service']);
  writeFileSync(
    join(files, 'etc/nftables.conf'),
    'flush ruleset\ntable inet filter { chain forward { type filter hook forward priority 0; policy accept; }; }\n',
  );
}

function enable(files: string, target: string, units: readonly string[]): void {
  const wants = join(files, 'etc/systemd/system', `${target}.wants`);
  mkdirSync(wants, { recursive: true });
  for (const unit of units) symlinkSync(unit, join(wants, basename(unit)));
}

describeWhere(missingForSystemd(), 'the units on a machine that systemd boots', () => {
  let machine: Machine;
  beforeAll(async () => {
    machine = await Machine.prepare();
    install(machine.files);
    await machine.boot();
    await up();
  });
  afterAll(() => machine?.remove());

  const property = async (unit: string, name: string) =>
    (await machine.run('systemctl', 'show', '--property', name, '--value', unit)).trim();
  /** Resolves when the agent answers; a service of this type counts as started before. */
  const up = () =>
    machine.run(
      'timeout',
      '60',
      'sh',
      '-c',
      'until portforward-agent status >/dev/null 2>&1; do sleep 0.1; done',
    );
  const table = () => machine.run('nft', 'list', 'table', 'inet', 'portforward');
  const heals = async () =>
    JSON.parse(await machine.run('portforward-agent', 'status', '--json')).healed.count as number;
  const socket = () => join(machine.root, 'run/portforward/agent.sock');

  async function withSession(body: (session: Session) => Promise<void>): Promise<void> {
    const session = openSession(socket());
    try {
      await body(session);
    } finally {
      await session.close();
    }
  }

  test('both start, as an ordinary user who may change the packet filter and nothing else', async () => {
    for (const unit of UNITS) expect(await property(unit, 'ActiveState')).toBe('active');
    const status = await machine.run('cat', `/proc/${await property(UNITS[0] as string, 'MainPID')}/status`);
    // CAP_NET_ADMIN is bit 12, capabilities(7).
    for (const set of ['CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])
      expect(status).toMatch(new RegExp(`^${set}:\\t0{12}1000$`, 'm'));
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    expect(status).toMatch(/^Seccomp:\t2$/m);
    expect(status).not.toMatch(/^Uid:.*\t0\b/m);
  });

  test('a forward is declared, read back and mended after the service that flushes was restarted', async () => {
    await withSession(async (session) => {
      const state = await session.create(web);
      expect((await session.read(state))?.inputs).toEqual(web);
      expect(await table()).toContain('443');
      const healed = await heals();
      await machine.run('systemctl', 'restart', 'nftables');
      while ((await heals()) === healed);
      expect(await table()).toContain('443');
      expect((await session.read(state))?.inputs).toEqual(web);
    });
  });

  test('an agent that is killed comes back by itself, and its forwards never left', async () => {
    const old = await property(UNITS[0] as string, 'MainPID');
    const before = await table();
    await machine.run('systemctl', 'kill', '--signal=KILL', UNITS[0] as string);
    expect(await table()).toBe(before);
    await up();
    expect(await property(UNITS[0] as string, 'MainPID')).not.toBe(old);
    expect(await property(UNITS[0] as string, 'NRestarts')).toBe('1');
    await withSession(async (session) => expect((await session.list()).length).toBeGreaterThan(0));
  });

  test('stopped in order: it ends well and the forwards stay', async () => {
    const before = await table();
    await machine.run('systemctl', 'stop', UNITS[0] as string);
    expect(await property(UNITS[0] as string, 'Result')).toBe('success');
    expect(await table()).toBe(before);
  });

  test('after a power cut the forwards are there before the network, even where the agent does not start', async () => {
    const before = await table();
    await machine.off();
    execFileSync('rm', [
      join(machine.files, 'etc/systemd/system/multi-user.target.wants', UNITS[0] as string),
    ]);
    await machine.boot();
    expect(await property(UNITS[0] as string, 'ActiveState')).toBe('inactive');
    expect(withoutEpoch(await table())).toBe(withoutEpoch(before));
    const at = async (unit: string, name: string) =>
      Number(await property(unit, `${name}TimestampMonotonic`));
    const restored = await at(UNITS[1] as string, 'ExecMainExit');
    expect(restored).toBeGreaterThan(await at('nftables.service', 'ExecMainExit'));
    expect(restored).toBeLessThanOrEqual(await at('network-pre.target', 'ActiveEnter'));
  });
});

/** Counters are new after a boot. */
const withoutEpoch = (table: string): string => table.replace(/epoch_[0-9a-f]{16}/g, 'epoch');
