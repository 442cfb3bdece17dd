import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Entry } from '../../../provider/backends/backend';
import { checkTargets } from '../../../provider/cli/doctor/targets';
import { checkWans } from '../../../provider/cli/doctor/wan';
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

  test('what somebody added to a rule by hand is a warning', async () => {
    await practice.declare('a/b', { name: 'web', externalPort: 443, internalAddress: '192.168.50.10' });
    const [entry] = (await practice.kernel.read()).ours;
    practice.kernel.tamper.restrict(entry?.tag ?? '', 'only on Sundays');
    expect(await findings()).toContainEqual(
      expect.objectContaining({
        check: 'changed',
        status: 'warn',
        message: expect.stringContaining('only on Sundays'),
      }),
    );
  });

  test('no gateway: one failing line with the next step, status 3', async () => {
    const result = await practice.cli('doctor', '--socket', '/nowhere/agent.sock', '--json');
    expect(result.status).toBe(3);
    const { findings } = JSON.parse(result.out);
    expect(findings).toEqual([
      { check: 'reachable', status: 'fail', message: expect.any(String), hint: expect.any(String) },
    ]);
  });
});

describe('targets', () => {
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
    const look = () => checkTargets([entry('127.0.0.1', port)], { timeout: 2000 });
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
    const udp = [{ protocol: 'udp', ports: [{ from: 1, to: 1, target: 1 }] }] as const;
    await checkTargets(
      [
        entry('192.168.50.10', 8443),
        entry('192.168.50.10', 8443),
        entry('192.168.50.11', 1, { traffic: udp }),
        entry('192.168.50.12', 1, { enabled: false }),
        entry('', 1, { target: { kind: 'gateway' } }),
        { ...entry('192.168.50.13', 1), tag: null },
      ],
      { timeout: 1, probe, near: () => true },
    );
    expect(asked).toEqual(['192.168.50.10 8443']);
  });
});

test('a WAN without an address, and a device that tells none', () => {
  expect(checkWans([{ name: 'wan0', addresses: [] }])).toMatchObject([{ status: 'warn' }]);
  expect(checkWans(null)).toEqual([]);
});
