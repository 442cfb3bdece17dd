import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unitsAdvice, unitsDirectory } from '../../../agent/commands/units';
import { describeWhere } from '../../support/needs';
import { cleanUp, temporary } from '../support/practice';

const names = ['portforward-agent.service', 'portforward-restore.service'];

afterEach(cleanUp);

const read = (name: string) => readFileSync(join(unitsDirectory(), name), 'utf8');

test.each(names)('%s may change the packet filter and nothing else', (name) => {
  const unit = read(name);
  expect(unit).toMatch(/^AmbientCapabilities=CAP_NET_ADMIN$/m);
  expect(unit).toMatch(/^CapabilityBoundingSet=CAP_NET_ADMIN$/m);
  expect(unit).toMatch(/^NoNewPrivileges=yes$/m);
  expect(unit).not.toMatch(/^User=root$/m);
});

test('the forwards are loaded after whatever flushes, and before the network', () => {
  const unit = read('portforward-restore.service');
  const after = /^After=(.*)$/m.exec(unit)?.[1]?.split(' ') ?? [];
  expect(after).toEqual(
    expect.arrayContaining([
      'nftables.service',
      'firewalld.service',
      'ufw.service',
      'netfilter-persistent.service',
    ]),
  );
  expect(/^Before=(.*)$/m.exec(unit)?.[1]?.split(' ')).toContain('network-pre.target');
  expect(/^After=(.*)$/m.exec(read('portforward-agent.service'))?.[1]?.split(' ')).toContain(
    'portforward-restore.service',
  );
});

const PLACES = [
  '/etc/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
];
const missing = names.some((name) => !PLACES.some((place) => existsSync(join(place, name))));

describeWhere(missing ? null : 'the units are installed on this machine', 'the advice on the service', () => {
  const node = '/usr/bin/node';

  test.each([
    '/root/.npm/_npx/2f3a/node_modules/.bin/portforward-agent',
    '/var/cache/npm/_npx/2f3a/node_modules/.bin/portforward-agent',
    '/srv/site/node_modules/.bin/portforward-agent',
    '/home/ann/bin/portforward-agent',
    '/root/portforward/dist/agent/main.js',
    '/tmp/x/portforward-agent',
    '/run/user/1000/portforward-agent',
    '/opt/not/there/portforward-agent',
  ])('never puts %s into a unit, which could not start: it says to install globally', (command) => {
    const advice = unitsAdvice(command, node);
    expect(advice).toContain(`a service cannot run ${command}`);
    expect(advice).toMatch(/npm pack.*\n.*npm install --global \.\/portforward-\d+\.\d+\.\d+\S*\.tgz$/m);
    expect(advice).not.toMatch(/sed|systemctl|Node/);
  });

  test('names a Node that no service can see as well', () => {
    expect(unitsAdvice('/root/x/portforward-agent', '/root/.nvm/bin/node')).toContain(
      'a service cannot see /root/.nvm/bin/node',
    );
  });

  test('follows links: a command that leads into a home is none for a service', () => {
    const directory = temporary();
    const [program, link] = [join(directory, 'main.js'), join(directory, 'portforward-agent')];
    writeFileSync(program, '');
    chmodSync(program, 0o755);
    symlinkSync(program, link);
    expect(unitsAdvice(link, node)).toContain('where no service can see it');
  });

  test('puts a command that is installed elsewhere into the units', () => {
    expect(unitsAdvice('/bin/true', node)).toContain(
      "sed -i 's|/usr/local/bin/portforward-agent|/bin/true|'",
    );
  });
});

const analyze = spawnSync('systemd-analyze', ['--version']);

describeWhere(analyze.status === 0 ? null : 'systemd-analyze is not installed', 'systemd', () => {
  /** The units as an administrator installs them, with a program that exists. */
  function installed(): string[] {
    const directory = temporary();
    mkdirSync(directory, { recursive: true });
    return names.map((name) => {
      const path = join(directory, name);
      writeFileSync(path, read(name).replace('/usr/local/bin/portforward-agent', '/bin/true'));
      return path;
    });
  }

  test('accepts both units without a word', () => {
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...installed()], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('finds little that they could do beyond their work', () => {
    for (const path of installed()) {
      expect(existsSync(path)).toBe(true);
      const text = execFileSync('systemd-analyze', ['security', '--offline=yes', '--no-pager', path], {
        encoding: 'utf8',
      });
      const level = Number(/Overall exposure level for \S+: ([0-9.]+)/.exec(text)?.[1]);
      expect(level).toBeLessThan(2.5);
    }
  });
});
