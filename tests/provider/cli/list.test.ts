import { type Practice, startPractice } from './practice';

let practice: Practice;
beforeEach(async () => {
  practice = await startPractice();
});
afterEach(() => practice.stop());

const foreign = {
  handle: 'ip nat DOCKER 7',
  restriction: null,
  label: 'dnat in table ip nat, chain DOCKER',
  forward: {
    enabled: true,
    traffic: [{ protocol: 'tcp', ports: [{ from: 8088, to: 8088, target: 80 }] }],
    wan: null,
    target: { kind: 'host', family: 4, address: '192.168.50.30' },
    sources: null,
    hairpin: null,
    log: false,
    description: '',
  },
} as const;

test('an empty gateway is told in a sentence', async () => {
  expect(await practice.cli('list')).toEqual({
    status: 0,
    out: `agent:${practice.socket} forwards nothing.`,
    err: '',
  });
});

test('ours come first, then foreign ones, each with traffic, target, sources and state', async () => {
  await practice.declare('home/prod', {
    name: 'web',
    externalPort: 443,
    internalAddress: '192.168.50.10',
    internalPort: 8443,
    sources: ['203.0.113.0/26'],
  });
  await practice.declare('home/prod', {
    name: 'game',
    protocol: 'tcp+udp',
    externalPort: '27000-27015',
    internalAddress: '192.168.50.20',
  });
  practice.kernel.tamper.addForeign(foreign);
  const { status, out } = await practice.cli('list');
  expect(status).toBe(0);
  expect(out.split('\n')[0]).toMatch(/^RULE +TRAFFIC +TO +SOURCES +STATE$/);
  expect(out).toMatch(/^home\/prod\/web +tcp 443 +192\.168\.50\.10:8443 +203\.0\.113\.0\/26 +open$/m);
  expect(out).toMatch(
    /^home\/prod\/game +tcp 27000-27015, udp 27000-27015 +192\.168\.50\.20 +everyone +open$/m,
  );
  expect(out).toMatch(
    /^\(foreign\) +tcp 8088 +192\.168\.50\.30:80 +everyone +dnat in table ip nat, chain DOCKER$/m,
  );
  expect(out.indexOf('(foreign)')).toBeGreaterThan(out.indexOf('home/prod/web'));
  expect(out).toContain('2 of ours, 1 foreign');
});

test('--owner keeps one owner, whole', async () => {
  await practice.declare('home/prod', { name: 'web', externalPort: 443, internalAddress: '192.168.50.10' });
  await practice.declare('home/prod2', { name: 'ssh', externalPort: 2222, internalAddress: '192.168.50.10' });
  practice.kernel.tamper.addForeign(foreign);
  const { out } = await practice.cli('list', '--owner', 'home/prod', '--json');
  expect(JSON.parse(out).entries).toMatchObject([{ owner: 'home/prod', name: 'web', ours: true }]);
  expect((await practice.cli('list', '--owner', 'nobody/here')).out).toContain(
    'forwards nothing of nobody/here',
  );
});

test('--json tells everything that the table does', async () => {
  await practice.declare('home/prod', { name: 'web', externalPort: 443, internalAddress: '192.168.50.10' });
  practice.kernel.tamper.addForeign(foreign);
  const parsed = JSON.parse((await practice.cli('list', '--json')).out);
  expect(parsed.gateway).toEqual({
    endpoint: `agent:${practice.socket}`,
    product: expect.stringContaining('portforward-agent'),
  });
  expect(parsed.entries).toHaveLength(2);
  expect(parsed.entries.find((entry: { ours: boolean }) => !entry.ours)).toMatchObject({
    owner: null,
    name: null,
    handle: foreign.handle,
    forward: foreign.forward,
    blocked: null,
  });
});

test('a blocked rule shows its state, and the remedy once', async () => {
  await practice.declare('a/b', { name: 'one', externalPort: 1001, internalAddress: '192.168.50.10' });
  await practice.declare('a/b', { name: 'two', externalPort: 1002, internalAddress: '192.168.50.10' });
  practice.kernel.tamper.block({ message: 'a firewall drops it.', hint: 'Let it through.' });
  const { out } = await practice.cli('list');
  expect(out.match(/ blocked$/gm)).toHaveLength(2);
  expect(out.match(/Let it through\./g)).toHaveLength(1);
});

test('a rule that somebody changed by hand is never called open', async () => {
  await practice.declare('a/b', { name: 'one', externalPort: 1001, internalAddress: '192.168.50.10' });
  await practice.declare('a/b', { name: 'two', externalPort: 1002, internalAddress: '192.168.50.10' });
  await practice.declare('a/b', { name: 'three', externalPort: 1003, internalAddress: '192.168.50.10' });
  const tags = new Map(
    (await practice.kernel.read()).ours.map(({ tag, forward }) => [forward.traffic[0]?.ports[0]?.from, tag]),
  );
  const target = { kind: 'host', family: 4, address: '192.168.50.66' } as const;
  practice.kernel.tamper.change(tags.get(1001) ?? '', { target });
  practice.kernel.tamper.restrict(tags.get(1002) ?? '', 'changed by hand: on Sundays');
  const { out } = await practice.cli('list');
  expect(out).toMatch(/^a\/b\/one .* 192\.168\.50\.66 .* changed$/m);
  expect(out).toMatch(/^a\/b\/two .* changed: on Sundays$/m);
  expect(out).toMatch(/^a\/b\/three .* open$/m);
  const { entries } = JSON.parse((await practice.cli('list', '--json')).out);
  const changed = entries.map((entry: { name: string; changed: boolean }) => [entry.name, entry.changed]);
  expect(Object.fromEntries(changed)).toEqual({ one: true, two: true, three: false });
});

test('text from the device cannot steer the terminal', async () => {
  practice.kernel.tamper.addForeign({ ...foreign, label: 'evil\u001b[2J\u202e' });
  const { out } = await practice.cli('list');
  expect(out).toContain('evil');
  expect(out.includes('\u001b') || out.includes('\u202e')).toBe(false);
});

test('no gateway: one sentence, the next step, status 3', async () => {
  const result = await practice.cli('list', '--socket', '/nowhere/agent.sock');
  expect(result).toMatchObject({ status: 3, out: '' });
  expect(result.err).toContain('/nowhere/agent.sock');
  expect(result.err).toContain('use the socket that `portforward lab status` prints.');
  expect(result.err.split('\n')).toHaveLength(1);
});
