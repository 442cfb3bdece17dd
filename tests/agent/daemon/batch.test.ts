import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Backend, Change, Entry } from '../../../provider/backends/backend';
import { PortforwardError } from '../../../provider/rule/error';
import { cleanUp, Practice, signal, wanted } from '../support/practice';

let practice: Practice;
let backend: Backend;

beforeEach(async () => {
  practice = await new Practice().start();
  backend = practice.connect();
});

afterEach(async () => {
  await practice.stop();
  await cleanUp();
});

async function look() {
  return backend.list([], signal);
}

async function apply(...changes: Change[]) {
  const { generation } = await look();
  return backend.apply(changes, { generation, signal });
}

async function entry(name: string): Promise<Entry> {
  const { entries } = await look();
  const found = entries.find(({ id }) => id === `lab/dev/${name}`);
  if (!found) throw new Error(`no entry of ${name}`);
  return found;
}

const add = (...args: Parameters<typeof wanted>): Change => ({ op: 'add', wanted: wanted(...args) });

describe('a batch', () => {
  test('puts a rule into the kernel and tells it back whole', async () => {
    const web = wanted({
      name: 'web',
      description: 'the "web"\nserver'.replace('\n', ' '),
      sources: ['203.0.113.0/24'],
    });
    expect(await apply({ op: 'add', wanted: web })).toEqual([{ status: 'done', handle: web.tag }]);
    expect(await entry('web')).toMatchObject({
      handle: web.tag,
      tag: web.tag,
      changeable: true,
      permanent: true,
      forward: { ...web.forward, hairpin: true },
    });
    expect(practice.kernel.tamper.connect({ protocol: 'tcp', port: 443, from: '203.0.113.7' })).toEqual({
      reached: 'host',
      address: '192.168.50.10',
      port: 443,
    });
    expect(practice.kernel.tamper.connect({ protocol: 'tcp', port: 443, from: '203.0.114.7' })).toEqual({
      reached: 'nobody',
      because: 'sources',
    });
  });

  test('changes a target in one transaction: the new entry and the old never both, never neither', async () => {
    await apply(add({ name: 'web' }));
    const before = practice.kernel.tamper.calls.apply;
    const moved = wanted({ name: 'web', internalAddress: '192.168.50.11' });
    await apply({ op: 'add', wanted: moved }, { op: 'remove', before: await entry('web') });
    expect(practice.kernel.tamper.calls.apply).toBe(before + 1);
    expect((await look()).entries.map(({ tag }) => tag)).toEqual([moved.tag]);
  });

  test('lets two rules swap their ports', async () => {
    await apply(add({ name: 'a', externalPort: 1001 }), add({ name: 'b', externalPort: 1002 }));
    const [a, b] = [await entry('a'), await entry('b')];
    const result = await apply(
      add({ name: 'a', externalPort: 1002 }),
      { op: 'remove', before: a },
      add({ name: 'b', externalPort: 1001 }),
      { op: 'remove', before: b },
    );
    expect(result.map(({ status }) => status)).toEqual(['done', 'done', 'done', 'done']);
    expect((await entry('a')).forward.traffic[0]?.ports[0]?.from).toBe(1002);
  });

  test('is all or nothing, and names the change at fault', async () => {
    const result = await apply(
      add({ name: 'good' }),
      add({ name: 'bad', externalPort: 80, internalAddress: '10.99.0.1' }),
      add({ name: 'fine', externalPort: 81 }),
    );
    expect(result.map(({ status }) => status)).toEqual(['skipped', 'refused', 'skipped']);
    expect(result[1]).toMatchObject({ message: expect.stringContaining('10.99.0.1') });
    expect((await look()).entries).toEqual([]);
  });

  test.each([
    ['192.168.50.1', '. Did you mean "gateway"?'],
    ['2001:db8:50::1', '; accepted: the address of a host inside.'],
  ])("refuses a forward to the gateway's own address %s, on any interface", async (internalAddress, next) => {
    const [result] = await apply(add({ name: 'self', internalAddress }));
    expect(result).toMatchObject({
      status: 'refused',
      message: `"${internalAddress}" is an address of this gateway itself${next}`,
    });
    expect((await look()).entries).toEqual([]);
    expect(await apply(add({ name: 'self', internalAddress: 'gateway' }))).toMatchObject([
      { status: 'done' },
    ]);
  });

  test('refuses two rules that could take one packet, naming both, and passes disjoint sources', async () => {
    const [, second] = await apply(
      add({ name: 'a', externalPort: '8000-8010', sources: ['203.0.113.0/24'] }),
      add({ name: 'b', externalPort: 8005, sources: ['203.0.113.128/25'] }),
    );
    expect(second).toMatchObject({ status: 'refused', message: expect.stringMatching(/dev\/b.*dev\/a/) });
    await apply(
      add({ name: 'a', externalPort: '8000-8010', sources: ['203.0.113.0/24'] }),
      add({ name: 'b', externalPort: 8005, sources: ['198.51.100.0/24'] }),
      add({ name: 'c', externalPort: 8005, enabled: false }),
    );
    expect((await look()).entries).toHaveLength(3);
  });

  test('blames the newcomer for an overlap with what was there', async () => {
    await apply(add({ name: 'old', externalPort: '7000-7100' }));
    const result = await apply(add({ name: 'x', externalPort: 1 }), add({ name: 'new', externalPort: 7050 }));
    expect(result.map(({ status }) => status)).toEqual(['skipped', 'refused']);
  });

  test('refuses a look that is out of date, and changes nothing', async () => {
    const { generation } = await look();
    await backend.apply([add({ name: 'a', externalPort: 1 })], { generation, signal });
    await expect(
      backend.apply([add({ name: 'b', externalPort: 2 })], { generation, signal }),
    ).rejects.toMatchObject({ code: 'stale', retryable: true });
    expect((await look()).entries).toHaveLength(1);
  });

  test('keeps a disabled entry in the state, under the same tag, and toggles it in place', async () => {
    const on = wanted({ name: 'web', description: 'mine' });
    const off = { ...on, forward: { ...on.forward, enabled: false } };
    await apply({ op: 'add', wanted: on });
    await apply({ op: 'edit', before: await entry('web'), wanted: off });
    expect((await practice.kernel.read()).ours).toEqual([]);
    expect(await entry('web')).toMatchObject({
      tag: on.tag,
      forward: { enabled: false, description: 'mine' },
    });
    await apply({ op: 'edit', before: await entry('web'), wanted: on });
    expect((await practice.kernel.read()).ours).toHaveLength(1);
  });

  test('edits a description without touching the kernel entry', async () => {
    const web = wanted({ name: 'web' });
    await apply({ op: 'add', wanted: web });
    practice.kernel.tamper.connect({ protocol: 'tcp', port: 443, from: '203.0.113.7' });
    const named = { ...web, forward: { ...web.forward, description: 'new words' } };
    await apply({ op: 'edit', before: await entry('web'), wanted: named });
    expect(await backend.counters?.(signal)).toEqual(new Map([[web.tag, { connections: 1, denied: 0 }]]));
    expect((await entry('web')).forward.description).toBe('new words');
    expect((await practice.kernel.read()).ours[0]?.forward.description).toBe('');
  });

  test('leaves the kernel as it is where the state cannot be saved', async () => {
    await apply(add({ name: 'web' }));
    // A directory where the file should be: what a broken disk does, for root too.
    const inTheWay = join(practice.stateDir, 'pending.json.tmp');
    mkdirSync(inTheWay);
    await expect(apply(add({ name: 'dns', externalPort: 53 }))).rejects.toThrow('nothing was changed');
    expect((await practice.kernel.read()).ours).toHaveLength(1);
    expect((await look()).entries).toHaveLength(1);
    rmdirSync(inTheWay);
    expect(await apply(add({ name: 'dns', externalPort: 53 }))).toMatchObject([{ status: 'done' }]);
  });

  test('refuses what is no rule whatever else is wrong with the batch, and saves nothing of it', async () => {
    await apply(add({ name: 'web' }));
    const { forward, ...rest } = wanted({ name: 'dns', externalPort: 53 });
    const odd = {
      ...rest,
      forward: { ...forward, target: { kind: 'host', family: 4, address: '192.168.050.010' } },
    };
    const kept = readFileSync(join(practice.stateDir, 'state.json'), 'utf8');
    practice.kernel.tamper.fail('apply', new PortforwardError('refused', 'nft refused: something else.'));
    const [result] = await apply({ op: 'add', wanted: odd } as Change);
    expect(result).toMatchObject({ status: 'refused', message: expect.stringContaining('192.168.050.010') });
    expect(readFileSync(join(practice.stateDir, 'state.json'), 'utf8')).toBe(kept);
    expect(existsSync(join(practice.stateDir, 'pending.json'))).toBe(false);
  });

  test('takes a removal of what is gone for done', async () => {
    await apply(add({ name: 'web' }));
    const before = await entry('web');
    await apply({ op: 'remove', before });
    expect(await apply({ op: 'remove', before })).toEqual([{ status: 'done', handle: null }]);
  });

  test('never touches the entry of another program, and says how to remove it', async () => {
    practice.kernel.tamper.addForeign({
      handle: 'ip nat PREROUTING 12',
      forward: wanted({ name: 'x', externalPort: 25 }).forward,
      restriction: null,
      label: 'dnat in table ip nat, chain PREROUTING',
    });
    const [foreign] = (await look()).entries;
    expect(foreign).toMatchObject({ tag: null, changeable: false, handle: 'ip nat PREROUTING 12' });
    const before = foreign as Entry;
    const [adopted] = await apply({ op: 'edit', before, wanted: wanted({ name: 'mail', externalPort: 25 }) });
    expect(adopted).toMatchObject({
      status: 'refused',
      hint: expect.stringContaining('nft delete rule ip nat PREROUTING handle 12'),
    });
    expect(practice.kernel.tamper.foreign()).toHaveLength(1);
  });

  test('takes a thousand rules, then one more, in one transaction each', async () => {
    const many = Array.from({ length: 1000 }, (_, index) =>
      add({
        name: `r${index}`,
        externalPort: 10_000 + index,
        sources: ['198.51.100.0/24', '203.0.113.0/24'],
      }),
    );
    const result = await apply(...many);
    expect(result.every(({ status }) => status === 'done')).toBe(true);
    await apply(add({ name: 'last', externalPort: 9 }));
    expect(practice.kernel.tamper.calls.apply).toBe(2);
    expect((await look()).entries).toHaveLength(1001);
  });

  test('stops at --max-rules, and still lets rules be removed and edited', async () => {
    await practice.stop();
    await practice.start({ maxRules: 2 });
    await apply(add({ name: 'a', externalPort: 1 }), add({ name: 'b', externalPort: 2 }));
    const result = await apply(add({ name: 'c', externalPort: 3 }));
    expect(result[0]).toMatchObject({ status: 'refused', message: expect.stringContaining('2 rules') });
    await apply({ op: 'remove', before: await entry('a') }, add({ name: 'c', externalPort: 3 }));
    expect((await look()).entries).toHaveLength(2);
  });

  test('refuses what the gateway does not route, with the file to write', async () => {
    practice.kernel.tamper.setFacts({ ipForward: { v4: false, v6: true } });
    const [result] = await apply(add({ name: 'web' }));
    expect(result).toMatchObject({
      status: 'refused',
      message: expect.stringContaining('net.ipv4.ip_forward is 0'),
      hint: expect.stringContaining('/etc/sysctl.d/60-portforward.conf'),
    });
    expect(await apply(add({ name: 'own', internalAddress: 'gateway', internalPort: 8443 }))).toMatchObject([
      { status: 'done' },
    ]);
    practice.kernel.tamper.setFacts({ ipForward: { v4: true, v6: true } });
    expect(await apply(add({ name: 'web', externalPort: 80 }))).toMatchObject([{ status: 'done' }]);
  });

  test('never refuses on old knowledge of the network', async () => {
    await apply(add({ name: 'a', externalPort: 1 }));
    practice.kernel.tamper.setFacts({ lans: ['10.0.0.0/24'] });
    expect(await apply(add({ name: 'b', externalPort: 2, internalAddress: '10.0.0.5' }))).toMatchObject([
      { status: 'done' },
    ]);
  });

  test('leaves kernel and state alone when nft refuses, and says its words', async () => {
    await apply(add({ name: 'a', externalPort: 1 }));
    practice.kernel.tamper.fail('apply', new PortforwardError('refused', 'nft says: File exists'));
    const before = await look();
    await expect(apply(add({ name: 'b', externalPort: 2 }))).rejects.toMatchObject({
      code: 'refused',
      summary: 'nft says: File exists',
    });
    expect(await look()).toEqual(before);
  });
});
