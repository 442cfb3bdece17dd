import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { compiled } from '../../lab/namespaces/compiled';
import { Lab } from '../../lab/namespaces/lab';
import { addresses } from '../../lab/namespaces/network';
import { describeWhere, missingForLab } from '../support/needs';

jest.setTimeout(60_000);

/** Everything of this machine that a lab could leave a trace in. */
function fingerprint(): string {
  const run = (...argv: [string, ...string[]]) => execFileSync(argv[0], argv.slice(1), { encoding: 'utf8' });
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
  const ruleset =
    process.getuid?.() === 0 ? execFileSync('nft', ['list', 'ruleset'], { env, encoding: 'utf8' }) : '';
  // Without counters and ages: those change by themselves.
  const links = run('ip', '-o', 'link').replace(/ (qlen|link\/).*$/gm, '');
  const routes =
    run('ip', 'route', 'show', 'table', 'all') + run('ip', '-6', 'route', 'show', 'table', 'all');
  const sysctls = [
    'net/ipv4/ip_forward',
    'net/ipv6/conf/all/forwarding',
    'net/bridge/bridge-nf-call-iptables',
  ]
    .map((name) => `/proc/sys/${name}`)
    .map((file) => `${file} ${existsSync(file) ? readFileSync(file, 'utf8') : 'none'}`);
  const names = existsSync('/run/netns') ? readdirSync('/run/netns') : [];
  return JSON.stringify({ ruleset, links, routes, sysctls, names }, null, 1).replace(/expires \d+sec/g, '');
}

describeWhere(missingForLab(), 'the lab', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.start();
    await lab.on('server').greet(443);
    await lab.on('server').echo(5353);
    await lab.on('internet').greet(443);
  });
  afterAll(() => lab?.stop());

  test('LAN hosts reach the internet as the gateway, the internet does not reach them', async () => {
    const out = await lab.on('desk').tcp({ to: addresses.internet.site, port: 443 });
    expect(out).toMatchObject({ ok: true, text: expect.stringContaining(`sees ${addresses.gateway.wan}:`) });
    const into = await lab.on('internet').tcp({ to: addresses.gateway.wan, port: 443, timeout: 1500 });
    expect(into.ok).toBe(false);
  });

  test('a daemon that finds no syslog writes to nowhere, and not to the console of this machine', async () => {
    const script = '[ ! -w /dev/console ] || stat -c %t:%T /dev/console';
    const { stdout, stderr } = await lab.exec('gateway', ['sh', '-c', script]);
    // The device of /dev/null (null(4)).
    expect([stdout.trim() || '1:3', stderr]).toEqual(['1:3', '']);
  });

  test('a forward written by hand carries tcp, udp and the real source address, over both WANs', async () => {
    await lab.nft(`table inet byhand {
      chain pre {
        type nat hook prerouting priority -105;
        iifname { "wan0", "wan1" } fib daddr type local tcp dport 8443 dnat ip to ${addresses.server.lan}:443
        iifname "wan0" udp dport 5353 dnat ip to ${addresses.server.lan}
      }
    }`);
    const from = addresses.internet.client;
    for (const to of [addresses.gateway.wan, addresses.gateway.wan2]) {
      expect(await lab.on('internet').tcp({ to, port: 8443, from })).toMatchObject({
        ok: true,
        text: expect.stringMatching(/^server:443 sees 203\.0\.113\.7:/),
      });
    }
    expect(
      await lab.on('internet').udp({ to: addresses.gateway.wan, port: 5353, from, text: 'abc' }),
    ).toMatchObject({
      ok: true,
      text: expect.stringMatching(/^server:5353 sees 203\.0\.113\.7:\d+ abc$/),
    });
    await lab.nft('delete table inet byhand');
  });

  test('IPv6 reaches the server without translation', async () => {
    const reply = await lab
      .on('internet')
      .tcp({ to: addresses.server.lan6, port: 443, from: addresses.internet.client6 });
    expect(reply).toMatchObject({
      ok: true,
      text: expect.stringContaining(`sees ${addresses.internet.client6}:`),
    });
  });

  test('a held connection speaks on, and tells when it was cut', async () => {
    const reply = await lab.on('desk').tcp({ to: addresses.internet.site, port: 443, hold: true });
    if (!reply.ok || reply.connection === undefined) throw new Error(reply.text);
    expect(await lab.on('desk').say(reply.connection, 'still here')).toEqual({
      ok: true,
      text: 'still here',
    });
    await lab.clear('internet');
    await lab.on('internet').greet(443);
    expect((await lab.on('desk').say(reply.connection, 'and now', 2000)).ok).toBe(false);
  });

  test('host firewalls: drop and docker block what is forwarded, debian flushes everything', async () => {
    const script = `table inet byhand {
      chain pre {
        type nat hook prerouting priority -105;
        iifname "wan0" tcp dport 8443 dnat ip to ${addresses.server.lan}:443
      }
    }`;
    const call = { to: addresses.gateway.wan, port: 8443, timeout: 1500 };
    for (const variant of ['drop', 'docker'] as const) {
      await lab.nft(script);
      await lab.firewall(variant);
      expect(await lab.on('internet').tcp(call)).toMatchObject({ ok: false, reason: 'silent' });
      expect(await lab.on('desk').tcp({ to: addresses.internet.site, port: 443 })).toMatchObject({
        ok: true,
      });
      await lab.firewall('open');
      expect(await lab.on('internet').tcp(call)).toMatchObject({ ok: true });
      await lab.nft('delete table inet byhand');
    }
    await lab.nft(script);
    await lab.firewall('debian');
    expect(await lab.on('internet').tcp(call)).toMatchObject({ ok: false, reason: 'refused' });
    const { stdout } = await lab.exec('gateway', ['nft', 'list', 'tables']);
    expect(stdout.trim().split('\n').sort()).toEqual(['table inet hostfw', 'table ip hostnat']);
    await lab.firewall('open');
  });

  test('exec gives status, both outputs, environment, directory and input', async () => {
    const result = await lab.exec('desk', ['sh', '-c', 'cat; pwd; echo "$WORD" >&2; exit 5'], {
      env: { WORD: 'two words' },
      cwd: lab.directory,
      input: 'in\n',
    });
    expect(result).toEqual({ code: 5, stdout: `in\n${lab.directory}\n`, stderr: 'two words\n' });
  });

  test('exec ends with its signal, and takes along what it started', async () => {
    const controller = new AbortController();
    const running = lab.exec('desk', ['sh', '-c', 'sleep 4711 & sleep 4711'], { signal: controller.signal });
    controller.abort();
    await expect(running).rejects.toThrow(/abort/i);
    const { stdout } = await lab.exec('desk', ['sh', '-c', 'cat /proc/[0-9]*/cmdline | tr "\\0" " "']);
    expect(stdout).toContain('tr ');
    expect(stdout).not.toContain('sleep 4711');
  });
});

describeWhere(missingForLab(), 'what is left of the lab', () => {
  test('nothing on this machine changes while it runs or after it ended', async () => {
    const before = fingerprint();
    const lab = await Lab.start({ firewall: 'docker' });
    await lab.on('server').greet(443);
    const during = fingerprint();
    await lab.stop();
    expect(during).toBe(before);
    expect(fingerprint()).toBe(before);
    expect(existsSync(lab.directory)).toBe(false);
  });

  test('nothing is left after kill -9 of the process that started it', async () => {
    const before = fingerprint();
    const script = `
      const { Lab } = require(${JSON.stringify(compiled('lab/index.js'))});
      Lab.start().then(async (lab) => {
        await lab.on('server').greet(443);
        const child = lab.spawn('desk', ['sh', '-c', 'setsid sleep 4712 & echo up; sleep 4712']);
        child.stdout.once('data', () => console.log(lab.enter.find((text) => text.includes('/net')), lab.directory));
      });`;
    const launcher = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const closed = once(launcher, 'close');
    const [line] = (await once(createInterface({ input: launcher.stdout }), 'line')) as [string];
    const supervisor = Number(/\/proc\/(\d+)\//.exec(line)?.[1]);
    const directory = line.split(' ')[1] ?? '';
    expect(existsSync(directory)).toBe(true);
    expect(existsSync(`/proc/${supervisor}/ns/net`)).toBe(true);
    launcher.kill('SIGKILL');
    // Closes only when every process that holds the launcher's output, those of the lab included, has ended.
    await closed;
    await gone(supervisor);
    expect(fingerprint()).toBe(before);
    expect(existsSync(directory)).toBe(false);
    const all = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
    expect(all).not.toContain('sleep 4712');
  });
});

/** Waits until a process that is not our child has ended: nothing tells us, so its state is read. */
async function gone(pid: number): Promise<void> {
  const state = () => {
    try {
      return /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? null;
    } catch {
      return null;
    }
  };
  while (state() !== null && state() !== 'Z') await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Runs a script as somebody without any rights; the reason why not when that cannot be, else null. */
function asNobody(script: string): string {
  const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, '-e', script];
  const env = { ...process.env, HOME: '/' };
  return execFileSync('setpriv', nobody, {
    encoding: 'utf8',
    cwd: '/',
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function missingForRootless(): string | null {
  const missing = missingForLab();
  if (missing !== null) return missing;
  if (process.getuid?.() !== 0) return 'without root the other suites show it already';
  try {
    const lab = JSON.stringify(compiled('lab/index.js'));
    const support = JSON.parse(asNobody(`console.log(JSON.stringify(require(${lab}).labSupport()))`));
    return support.supported ? null : support.reason;
  } catch {
    return 'the clone lies where only root can read it';
  }
}

describeWhere(missingForRootless(), 'the lab of an ordinary user', () => {
  test('needs no root: network, firewall and calls work in a user namespace', () => {
    const out = asNobody(`
      const { Lab, addresses } = require(${JSON.stringify(compiled('lab/index.js'))});
      (async () => {
        const lab = await Lab.start({ firewall: 'drop' });
        await lab.on('internet').greet(443);
        console.log((await lab.on('desk').tcp({ to: addresses.internet.site, port: 443 })).text);
        await lab.stop();
      })();`);
    expect(out).toMatch(/^internet:443 sees 198\.51\.100\.1:\d+$/m);
  });
});

describe('the guard', () => {
  test('a station refuses to run in the network of its launcher', () => {
    expect(() =>
      execFileSync(process.execPath, [compiled('lab/services/station.js'), 'server'], {
        stdio: 'pipe',
        env: { ...process.env, PORTFORWARD_LAB_LAUNCHER_NET: networkOf('self') },
      }),
    ).toThrow(/refused: this would act on the launcher's own network/);
    expect(() =>
      execFileSync(process.execPath, [compiled('lab/services/station.js'), 'server'], { stdio: 'pipe' }),
    ).toThrow(/refused/);
  });
});

function networkOf(process: string): string {
  return execFileSync('readlink', [`/proc/${process}/ns/net`], { encoding: 'utf8' }).trim();
}
