import { normalise } from '../../../provider/rule/normalise';
import { PROVIDER_TEXT } from '../../../sdk/constants';
import { Bench, configOf, HOST, rule } from './bench';

/** Every method of the provider process that ships inside @pulumi/pulumi, called as the engine calls it. */
const bench = new Bench();
afterEach(() => bench.clean());

const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

async function start() {
  const home = await bench.gateway();
  return { home, provider: await bench.provider(configOf(home)) };
}

describe('check', () => {
  test('hands the inputs back as they came: no default filled in, no spelling touched', async () => {
    const { provider } = await start();
    const inputs = rule({ externalPort: '443', sources: ['203.0.113.128/25', '203.0.113.0/25'] });
    expect(await provider.check({}, inputs)).toEqual({
      inputs: { ...inputs, __provider: PROVIDER_TEXT },
      failures: {},
    });
  });

  test('names every property at fault', async () => {
    const { provider } = await start();
    const { failures } = await provider.check(
      {},
      rule({ externalPort: '80abc', sources: [], colour: 'red' }),
    );
    expect(Object.keys(failures).sort()).toEqual(['colour', 'externalPort', 'sources']);
    expect(failures.externalPort).toContain('80abc');
  });

  test('lets unknown values pass at any depth, and hands them back', async () => {
    const { provider } = await start();
    const inputs = rule({ internalAddress: UNKNOWN, sources: ['203.0.113.0/24', UNKNOWN] });
    expect(await provider.check({}, inputs)).toEqual({
      inputs: { ...inputs, __provider: PROVIDER_TEXT },
      failures: {},
    });
    const { failures } = await provider.check({}, rule({ internalAddress: UNKNOWN, externalPort: 0 }));
    expect(Object.keys(failures)).toEqual(['externalPort']);
  });

  test.each([
    ['10.99.0.1', /in no LAN of gateway "home"/],
    ['192.168.50.1', /address of gateway "home" itself.*"gateway"/],
    ['198.51.100.1', /address of gateway "home" itself on wan0.*"gateway"/],
  ])('refuses the target %s, which is outside the LANs or the gateway itself', async (target, words) => {
    const { provider } = await start();
    const { failures } = await provider.check({}, rule({ internalAddress: target }));
    expect(failures).toEqual({ internalAddress: expect.stringMatching(words) });
  });

  test('warns where the gateway does not answer, and passes what can be judged without it', async () => {
    const { home, provider } = await start();
    await home.stop();
    expect((await provider.check({}, rule())).failures).toEqual({});
    expect(provider.output).toMatch(/warning: /);
    expect(Object.keys((await provider.check({}, rule({ externalPort: 0 }))).failures)).toEqual([
      'externalPort',
    ]);
    await home.restart();
  });
});

describe('create, read, update, delete', () => {
  test('the whole life of a rule', async () => {
    const { home, provider } = await start();
    const made = await provider.create(rule());
    expect(made.id).toBe('shop/dev/web');
    expect(made.outs).toMatchObject({
      owner: 'shop/dev',
      gatewayName: 'home',
      endpoint: `agent:${home.socket}`,
    });
    expect(await home.forwards()).toEqual([`tcp 443 -> ${HOST}:443`]);

    const read = await provider.read(made.id, made.outs);
    expect(read).toEqual({ id: made.id, outs: made.outs, inputs: { ...rule(), __provider: PROVIDER_TEXT } });

    const outs = await provider.update(made.id, made.outs, rule({ internalPort: 8443 }));
    expect(outs).toMatchObject({ internalPort: 8443, owner: 'shop/dev', __provider: PROVIDER_TEXT });
    expect(await home.forwards()).toEqual([`tcp 443 -> ${HOST}:8443`]);

    const last = await bench.provider(configOf(home));
    await last.delete(made.id, outs);
    expect(await home.forwards()).toEqual([]);
    await last.delete(made.id, outs);
  });

  test('a rule made in this run stays when its old resource, of the same name, is deleted after it', async () => {
    const { home, provider } = await start();
    const old = await provider.create(rule());
    const run = await bench.provider(configOf(home));
    await run.create(rule());
    await run.delete(old.id, old.outs);
    expect(await home.forwards()).toEqual([`tcp 443 -> ${HOST}:443`]);
  });

  test('under another owner the old entries are no obstacle, those of others are', async () => {
    const { home, provider } = await start();
    const { id, outs } = await provider.create(rule());
    await provider.create(rule({ name: 'ssh', externalPort: 22222 }));
    const run = await bench.provider(configOf(home, { 'portforward:owner': 'family' }));
    expect((await run.check(rule(), rule())).failures).toEqual({});
    expect(await run.diff(id, outs, rule())).toMatchObject({ replaces: ['owner'], deleteFirst: true });
    expect((await run.check({}, rule())).failures).toEqual({});
    await run.delete(id, outs);
    expect((await run.create(rule())).id).toBe('family/web');
    const { failures } = await run.check({}, rule({ name: 'new', externalPort: 22222 }));
    expect(failures.externalPort).toContain('shop/dev');
  });

  test('a rule that is gone is read as gone', async () => {
    const { home, provider } = await start();
    const made = await provider.create(rule());
    await home.withdraw(443);
    expect(await provider.read(made.id, made.outs)).toMatchObject({ id: '' });
  });

  test('a rule of which the engine knows only the inputs, as with the option `id`, is found by its name', async () => {
    const { home, provider } = await start();
    const { id, outs } = await provider.create(rule());
    const fresh = await bench.provider(configOf(home));
    expect(await fresh.read(id, { ...rule(), __provider: PROVIDER_TEXT })).toEqual(
      await fresh.read(id, outs),
    );
    await home.withdraw(443);
    const later = await bench.provider(configOf(home));
    expect(await later.read(id, { ...rule(), __provider: PROVIDER_TEXT })).toMatchObject({ id: '' });
  });

  test('a disabled rule is there, not gone', async () => {
    const { home, provider } = await start();
    const made = await provider.create(rule({ enabled: false }));
    expect(await home.forwards()).toEqual([]);
    expect(await provider.read(made.id, made.outs)).toMatchObject({
      id: made.id,
      inputs: { enabled: false },
    });
  });

  test('a read tells what differs in canonical words, and the rest in the spelling recorded', async () => {
    const { home, provider } = await start();
    const made = await provider.create(
      rule({ externalPort: '443', sources: ['203.0.113.128/25', '203.0.113.0/25'] }),
    );
    home.kernel.tamper.change((await home.entry(443)).tag, {
      target: { kind: 'host', family: 4, address: '192.168.50.66' },
    });
    const { outs, inputs } = await provider.read(made.id, made.outs);
    expect(inputs).toEqual({
      name: 'web',
      externalPort: '443',
      sources: ['203.0.113.128/25', '203.0.113.0/25'],
      internalAddress: '192.168.50.66',
      __provider: PROVIDER_TEXT,
    });
    // A refresh compares what it read with the old inputs.
    expect(
      await provider.diff(
        made.id,
        outs,
        rule({ externalPort: '443', sources: ['203.0.113.128/25', '203.0.113.0/25'] }),
      ),
    ).toMatchObject({
      changes: 'unknown',
    });
  });

  test('nothing volatile and nothing empty is kept', async () => {
    const { provider } = await start();
    const { outs } = await provider.create(rule());
    expect(Object.keys(outs).sort()).toEqual(
      [
        '__provider',
        'device',
        'endpoint',
        'entries',
        'externalPort',
        'gatewayName',
        'internalAddress',
        'name',
        'owner',
      ].sort(),
    );
  });

  test('many at once are few changes on the gateway', async () => {
    const { home, provider } = await start();
    const before = home.kernel.tamper.calls.apply;
    const made = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        provider.create(rule({ name: `r${index}`, externalPort: 5000 + index })),
      ),
    );
    expect(home.kernel.tamper.calls.apply - before).toBeLessThanOrEqual(10);
    expect(await home.forwards()).toHaveLength(50);
    const last = await bench.provider(configOf(home));
    await Promise.all(made.map(({ id, outs }) => last.delete(id, outs)));
    expect(await home.forwards()).toEqual([]);
  });
});

describe('diff', () => {
  test('tells changed inputs so that the engine shows each, and nothing where nothing changed', async () => {
    const { provider } = await start();
    const { id, outs } = await provider.create(rule());
    expect(await provider.diff(id, outs, rule())).toEqual({
      changes: 'none',
      replaces: [],
      deleteFirst: false,
    });
    expect(await provider.diff(id, outs, rule({ externalPort: '443' }))).toMatchObject({ changes: 'none' });
    expect(await provider.diff(id, outs, rule({ externalPort: 444 }))).toEqual({
      changes: 'unknown',
      replaces: [],
      deleteFirst: false,
    });
    expect(await provider.diff(id, outs, rule({ internalAddress: UNKNOWN }))).toMatchObject({
      changes: 'unknown',
    });
  });

  test('replaces with the deletion first when name, owner or gateway is another', async () => {
    const { home, provider } = await start();
    const { id, outs } = await provider.create(rule());
    expect(await provider.diff(id, outs, rule({ name: 'www' }))).toEqual({
      changes: 'unknown',
      replaces: ['name'],
      deleteFirst: true,
    });
    const other = await bench.provider(
      configOf(home, { 'portforward:name': 'office', 'portforward:owner': 'shop/prod' }),
    );
    expect(await other.diff(id, outs, rule())).toEqual({
      changes: 'some',
      replaces: ['owner', 'gatewayName'],
      deleteFirst: true,
    });
  });

  test('does not ask the gateway', async () => {
    const { home, provider } = await start();
    const { id, outs } = await provider.create(rule());
    await home.stop();
    expect(await provider.diff(id, outs, rule({ externalPort: 444 }))).toMatchObject({ changes: 'unknown' });
    await home.restart();
  });
});

describe('another gateway', () => {
  const office = { 'portforward:name': 'office' };

  test('of another kind: created there, then deleted on the old one', async () => {
    const [home, branch] = [await bench.gateway(), await bench.router()];
    const { id, outs } = await (await bench.provider(configOf(home))).create(rule());
    const { url, username, password, pins } = branch.reachedBy;
    const provider = await bench.provider({
      'portforward:kind': 'openwrt',
      'portforward:url': url,
      'portforward:username': username,
      'portforward:password': password,
      'portforward:pins': JSON.stringify(pins),
      'portforward:owner': 'shop/dev',
      'portforward:name': 'branch',
    });
    const there = rule({ internalAddress: '192.168.1.10' });
    expect((await provider.check(rule(), there)).failures).toEqual({});
    expect(await provider.diff(id, outs, there)).toMatchObject({
      replaces: ['gatewayName'],
      deleteFirst: false,
    });
    await provider.check({}, there);
    const foreign = branch.foreign;
    await provider.create(there);
    expect(await home.forwards()).toEqual([`tcp 443 -> ${HOST}:443`]);
    await (await bench.provider(configOf(home))).delete(id, outs);
    expect(await home.forwards()).toEqual([]);
    expect(await branch.forwards()).toEqual(['tcp 443 -> 192.168.1.10:443']);
    expect(branch.foreign).toBe(foreign);
  });

  test('on which its port is taken: refused before anything is created there or deleted here', async () => {
    const [old, home] = [await bench.gateway(), await bench.gateway()];
    const { id, outs } = await (await bench.provider(configOf(old))).create(rule());
    const { forward } = normalise({ name: 'x', externalPort: 443, internalAddress: '192.168.50.20' });
    const label = 'dnat in table ip nat, chain PREROUTING';
    home.kernel.tamper.addForeign({ handle: 'ip nat PREROUTING 7', forward, restriction: null, label });
    const provider = await bench.provider(configOf(home, office));
    await provider.check(rule(), rule());
    expect(await provider.diff(id, outs, rule())).toMatchObject({ replaces: ['gatewayName'] });
    const { failures } = await provider.check({}, rule());
    expect(failures.externalPort).toContain('dnat in table ip nat');
  });

  test('that turns out to be the same device: nothing is changed, and the next run deletes first', async () => {
    const home = await bench.gateway();
    const { id, outs } = await (await bench.provider(configOf(home))).create(rule());
    const moved = configOf(home, { ...office, 'portforward:endpoint': 'the other door' });
    const provider = await bench.provider(moved);
    await home.stop();
    await provider.check(rule(), rule());
    expect(await provider.diff(id, outs, rule())).toMatchObject({ deleteFirst: false });
    await home.restart();
    await expect(provider.create(rule())).rejects.toThrow(/they may be one device\. Nothing was changed\./);
    expect(await home.forwards()).toEqual([`tcp 443 -> ${HOST}:443`]);
    const next = await bench.provider(moved);
    await next.check(rule(), rule());
    expect(await next.diff(id, outs, rule())).toMatchObject({ deleteFirst: true });
  });
});

describe('another endpoint', () => {
  test('updates: the entry is made sure of there, and a warning tells what stays elsewhere', async () => {
    const [old, home] = [await bench.gateway(), await bench.gateway()];
    const { id, outs } = await (await bench.provider(configOf(old))).create(rule());
    const provider = await bench.provider(configOf(home));
    expect(await provider.diff(id, outs, rule())).toMatchObject({ changes: 'some', replaces: [] });
    // A refresh must not take the other device's empty table for a rule that is gone.
    expect(await provider.read(id, outs)).toMatchObject({ id, outs });
    const moved = await provider.update(id, outs, rule());
    expect(moved).toMatchObject({ endpoint: `agent:${home.socket}` });
    expect(await home.forwards()).toEqual([`tcp 443 -> ${HOST}:443`]);
    expect(await old.forwards()).toEqual([`tcp 443 -> ${HOST}:443`]);
    expect(provider.output).toMatch(/warning: /);
  });

  test('that the gateway names itself is the same place', async () => {
    const home = await bench.gateway();
    const name = { 'portforward:endpoint': 'the box in the cellar' };
    const { id, outs } = await (await bench.provider(configOf(home, name))).create(rule());
    expect(outs).toMatchObject({ endpoint: 'the box in the cellar' });
    const other = await bench.provider(configOf(home, name));
    expect(await other.diff(id, outs, rule())).toMatchObject({ changes: 'none' });
  });
});
