import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Entry } from '../../../provider/backends/backend';
import { isNear } from '../../../provider/cli/doctor/near';
import type { Probe } from '../../../provider/cli/doctor/probe';
import { checkTargets } from '../../../provider/cli/doctor/targets';
import { checkWans } from '../../../provider/cli/doctor/wan';
import type { Traffic } from '../../../provider/rule/rule';
import { type Practice, startPractice } from './practice';

describe('portforward doctor', () => {
  let practice: Practice;
  beforeEach(async () => {
    practice = await startPractice();
  });
  afterEach(() => practice.stop());

  const doctor = (...argv: string[]) => practice.cli('doctor', '--no-probe', ...argv);
  const findings = async () => JSON.parse((await doctor('--json')).out).findings;

  test('a sound gateway: every line ok, status 0', async () => {
    await practice.declare('a/b', { name: 'web', externalPort: 443, internalAddress: '192.168.50.10' });
    const { status, out } = await doctor();
    expect(status).toBe(0);
    expect(out.split('\n').every((line) => line.startsWith('ok '))).toBe(true);
  });

  test('what the gateway reports of itself comes with its next step', async () => {
    practice.kernel.tamper.setFacts({
      ipForward: { v4: false, v6: true },
      problems: [{ code: 'ip-forward-off', fatal: true, message: 'ip_forward is off.', hint: 'Turn it on.' }],
    });
    const { status, out } = await doctor();
    expect(status).toBe(1);
    expect(out).toMatch(/^fail {2}ip_forward is off\.\n {6}-> Turn it on\.$/m);
  });

  test.each([
    ['192.168.178.20', 'wan-private', 'bridge mode'],
    ['100.72.3.4', 'wan-cgnat', 'carrier-grade NAT'],
  ])(
    'a WAN address that the internet cannot reach (%s) is a warning, not a failure',
    async (address, check, words) => {
      practice.kernel.tamper.setFacts({ wans: [{ name: 'wan0', addresses: [address] }] });
      expect(await findings()).toContainEqual(expect.objectContaining({ check, status: 'warn' }));
      const { status, out } = await doctor();
      expect(status).toBe(0);
      expect(out).toContain(words);
      expect(out).toContain(address);
    },
  );

  test('a blocked rule is named, with the line that lets it through', async () => {
    await practice.declare('a/b', { name: 'web', externalPort: 443, internalAddress: '192.168.50.10' });
    practice.kernel.tamper.block({ message: 'chain forward drops it.', hint: 'Add this line: …' });
    const { status, out } = await doctor();
    expect(status).toBe(1);
    expect(out).toMatch(/^fail {2}a\/b\/web: chain forward drops it\.\n {6}-> Add this line: …$/m);
  });

  test('what blocks a rule is told once, although the gateway reports it too', async () => {
    await practice.declare('a/b', { name: 'web', externalPort: 443, internalAddress: '192.168.50.10' });
    const message = 'chain forward drops it.';
    practice.kernel.tamper.block({ message, hint: 'Add this line: …' });
    practice.kernel.tamper.setFacts({
      problems: [{ code: 'blocked', fatal: false, message, hint: 'Add it.' }],
    });
    const { out } = await doctor();
    expect(out.match(/chain forward drops it/g)).toHaveLength(1);
  });

  const declared = async () => {
    await practice.declare('a/b', { name: 'web', externalPort: 443, internalAddress: '192.168.50.10' });
    return (await practice.kernel.read()).ours[0]?.tag ?? '';
  };
  const repair = /\n {6}-> .*`pulumi up --refresh --run-program` to put it back\.$/m;

  test('a rule that somebody sent to another machine is named, with where it goes now', async () => {
    const target = { kind: 'host', family: 4, address: '192.168.50.66' } as const;
    practice.kernel.tamper.change(await declared(), { target });
    const { status, out } = await doctor();
    expect(status).toBe(1);
    expect(out).toContain(
      'fail  a/b/web was changed by hand: it now takes tcp 443 from everyone to 192.168.50.66, which is not what was declared.',
    );
    expect(out).toMatch(repair);
  });

  test('a rule that somebody opened to everyone, or to fewer, is named too', async () => {
    practice.kernel.tamper.change(await declared(), { sources: ['203.0.113.0/26'] });
    expect((await doctor()).out).toContain('it now takes tcp 443 from 203.0.113.0/26');
  });

  test('what somebody added to a rule by hand is told once, in one sentence', async () => {
    practice.kernel.tamper.restrict(
      await declared(),
      'changed by hand: on Sundays; changed by hand: at noon',
    );
    const { status, out } = await doctor();
    expect(status).toBe(1);
    expect(out).toContain('fail  a/b/web was changed by hand: on Sundays; at noon.');
    expect(out.match(/by hand/g)).toHaveLength(1);
    expect(out).toMatch(repair);
  });

  // None of these is in the hash that the tag keeps.
  test.each([
    [{ log: true }, {}, 'its connections are now logged'],
    [{ log: false }, { log: true }, 'its connections are no longer logged'],
    [{ hairpin: false }, { hairpin: true }, 'hosts inside no longer reach it at the public address'],
    [{ hairpin: false }, {}, 'hosts inside no longer reach it at the public address'],
    [{ hairpin: true }, { hairpin: false }, 'hosts inside now reach it at the public address'],
  ])('a switch that somebody turned in the kernel (%j) is named', async (change, given, words) => {
    const rule = { name: 'web', externalPort: 443, internalAddress: '192.168.50.10', ...given };
    await practice.declare('a/b', rule);
    expect((await doctor()).status).toBe(0);
    practice.kernel.tamper.change((await practice.kernel.read()).ours[0]?.tag ?? '', change);
    const { status, out } = await doctor();
    expect(status).toBe(1);
    expect(out).toContain(`fail  a/b/web was changed by hand: ${words}.`);
    expect(out).toMatch(repair);
  });

  test('a rule that is declared off, and that somebody switched on in the kernel, is named', async () => {
    const rule = { name: 'web', externalPort: 443, internalAddress: '192.168.50.10', enabled: false };
    await practice.declare('a/b', rule);
    const [entry] = JSON.parse((await practice.cli('list', '--json')).out).entries;
    practice.kernel.tamper.add({ tag: entry.tag, forward: { ...entry.forward, enabled: true } });
    const { status, out } = await doctor();
    expect(status).toBe(1);
    expect(out).toContain('a/b/web was changed by hand: it is switched on, which is not what was declared.');
  });

  test('a rule whose entry somebody deleted in the kernel is told as switched off, a warning', async () => {
    practice.kernel.tamper.remove(await declared());
    const { status, out } = await doctor();
    expect(status).toBe(0);
    expect(out).toContain('warn  a/b/web is switched off; if you did not declare that, somebody');
    expect(out).toMatch(repair);
  });

  test('a rule that is declared off is no failure', async () => {
    const rule = { name: 'web', externalPort: 443, internalAddress: '192.168.50.10', enabled: false };
    await practice.declare('a/b', rule);
    expect(await findings()).toContainEqual(expect.objectContaining({ check: 'off', status: 'warn' }));
    expect((await doctor()).status).toBe(0);
  });

  test('no gateway: one failing line with the next step, status 3', async () => {
    const result = await practice.cli('doctor', '--socket', '/nowhere/agent.sock', '--json');
    expect(result.status).toBe(3);
    const { findings } = JSON.parse(result.out);
    expect(findings).toEqual([
      {
        check: 'reachable',
        status: 'fail',
        message: expect.stringContaining('/nowhere/agent.sock'),
        hint: expect.stringMatching(
          /Start the agent.*use the socket that `portforward lab status` prints\.$/,
        ),
      },
    ]);
  });
});

describe('targets', () => {
  const span = (protocol: 'tcp' | 'udp', from: number, to = from): Traffic => ({
    protocol,
    ports: [{ from, to, target: from }],
  });
  const entry = (address: string, port: number, changes: Partial<Entry['forward']> = {}): Entry =>
    ({
      handle: 'h',
      tag: 'pf1_0',
      id: 'a/b/web',
      restriction: null,
      blocked: null,
      forward: {
        enabled: true,
        traffic: [{ protocol: 'tcp', ports: [{ from: 1, to: 1, target: port }] }],
        wan: null,
        target: { kind: 'host', family: 4, address },
        sources: null,
        hairpin: null,
        log: false,
        description: '',
        ...changes,
      },
    }) as unknown as Entry;

  test('a real connection tells a service from a closed port', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const look = () => checkTargets([entry('127.0.0.1', port)], { timeout: 2000, near: () => true });
    expect(await look()).toMatchObject([{ check: 'target', status: 'ok' }]);
    server.close();
    await once(server, 'close');
    expect(await look()).toMatchObject([
      {
        check: 'target-port',
        status: 'fail',
        message: expect.stringContaining(`nothing answers on tcp ${port}`),
      },
    ]);
  });

  test('silence is a failure on the same network, and only a warning from elsewhere', async () => {
    const silent = { timeout: 1, probe: async () => 'silent' as const };
    const near = await checkTargets([entry('192.168.50.10', 80)], { ...silent, near: () => true });
    const far = await checkTargets([entry('192.168.50.10', 80)], { ...silent, near: () => false });
    expect([near[0]?.status, far[0]?.status]).toEqual(['fail', 'warn']);
    expect(far[0]?.hint).toContain('in the LAN');
  });

  test('the internal port is asked, each once; udp, disabled, foreign and the gateway itself are not', async () => {
    const asked: string[] = [];
    const probe = async (address: string, port: number) => {
      asked.push(`${address} ${port}`);
      return 'open' as const;
    };
    const findings = await checkTargets(
      [
        entry('192.168.50.10', 8443),
        entry('192.168.50.10', 8443),
        entry('192.168.50.11', 1, { traffic: [span('udp', 1)] }),
        entry('192.168.50.12', 1, { enabled: false }),
        entry('', 1, { target: { kind: 'gateway' } }),
        { ...entry('192.168.50.13', 1), tag: null },
      ],
      { timeout: 1, probe, near: () => true },
    );
    expect(asked).toEqual(['192.168.50.10 8443']);
    expect(findings).toMatchObject([
      { status: 'ok', message: 'a/b/web: 192.168.50.10 answers on tcp 8443.' },
      {
        status: 'skip',
        message: expect.stringMatching(/^a\/b\/web: udp 1 of 192\.168\.50\.11 cannot be probed: /),
      },
    ]);
  });

  test('from another network no answer is taken for the truth, neither yes nor no', async () => {
    const from = (near: boolean, result: Probe) =>
      checkTargets([entry('192.168.50.10', 21)], { timeout: 1, probe: async () => result, near: () => near });
    const yes = 'answers on tcp 21 from here, which is another network, so it proves little.';
    expect(await from(false, 'open')).toMatchObject([
      {
        status: 'warn',
        message: `a/b/web: 192.168.50.10 ${yes}`,
        hint: expect.stringContaining('in the LAN'),
      },
    ]);
    expect(await from(false, 'refused')).toMatchObject([{ status: 'warn', hint: expect.any(String) }]);
    expect(await from(true, 'open')).toMatchObject([{ status: 'ok' }]);
    expect(await from(true, 'refused')).toMatchObject([{ status: 'fail' }]);
  });

  test('every port of a short list is asked, and those that answer are told apart from the others', async () => {
    const ports = [span('tcp', 80, 81), span('tcp', 443)].flatMap((one) => one.ports);
    const probe = async (_: string, port: number) => (port === 81 ? 'refused' : 'open') as Probe;
    const findings = await checkTargets(
      [entry('192.168.50.10', 1, { traffic: [{ protocol: 'tcp', ports }] })],
      {
        timeout: 1,
        probe,
        near: () => true,
      },
    );
    expect(findings).toMatchObject([
      { status: 'ok', message: expect.stringMatching(/answers on tcp 80,443\.$/) },
      { status: 'fail', message: expect.stringMatching(/nothing answers on tcp 81\.$/) },
    ]);
  });

  test.each([
    ['single ports beside a long range', [span('tcp', 21), span('tcp', 50000, 50100)], [21], '50000-50100'],
    ['a long range alone', [span('tcp', 27000, 27015)], [27000], '27001-27015'],
  ])('of %s not all is asked, and what is not is told', async (_, traffic, wanted, left) => {
    const asked: number[] = [];
    const probe = async (_address: string, port: number) => {
      asked.push(port);
      return 'open' as const;
    };
    const ports = traffic.flatMap((one) => one.ports);
    const findings = await checkTargets(
      [entry('192.168.50.10', 1, { traffic: [{ protocol: 'tcp', ports }] })],
      {
        timeout: 1,
        probe,
        near: () => true,
      },
    );
    expect(asked).toEqual(wanted);
    expect(findings).toMatchObject([
      { status: 'ok' },
      { status: 'skip', message: expect.stringContaining(`tcp ${left} of`) },
    ]);
  });
});

test.each([
  ['an address in the LAN of the target', ['192.168.50.20/24'], ['192.168.50.0/24'], true],
  ['an address in another LAN of the gateway', ['10.9.0.5/24'], ['192.168.50.0/24', '10.9.0.0/24'], false],
  ['a wider network that only covers the target', ['192.168.7.5/16'], ['192.168.50.0/24'], false],
  ['no network in common', ['10.0.0.5/24'], ['192.168.50.0/24'], false],
  ['a gateway that tells no LANs, a shared prefix', ['192.168.50.20/24'], null, true],
  ['a gateway that tells no LANs, no shared prefix', ['10.0.0.5/24'], null, false],
])('near: %s', (_, own, lans, expected) => {
  expect(isNear('192.168.50.10', lans, own)).toBe(expected);
});

test('a WAN without an address, and a device that tells none', () => {
  expect(checkWans([{ name: 'wan0', addresses: [] }])).toMatchObject([{ status: 'warn' }]);
  expect(checkWans(null)).toEqual([]);
});
