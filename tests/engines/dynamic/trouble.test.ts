import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROVIDER_TEXT } from '../../../sdk/constants';
import { type CallError, DynamicProcess } from '../support/dynamic-process';
import { Bench, configOf, HOST, rule } from './bench';

/** Bad configurations and bad days, over the provider process that ships inside @pulumi/pulumi. */
const bench = new Bench();
afterEach(() => bench.clean());

async function failure(call: Promise<unknown>): Promise<CallError> {
  return call.then(
    () => Promise.reject(new Error('it should have failed')),
    (error) => error,
  );
}

describe('a gateway that does not answer', () => {
  test('is told at length to one rule, by its name, and to the others in a line', async () => {
    const home = await bench.gateway();
    const provider = await bench.provider(configOf(home));
    await home.stop();
    const rules = Array.from({ length: 20 }, (_, n) => rule({ name: `r${n}`, externalPort: 5000 + n }));
    const errors = await Promise.all(rules.map((one) => failure(provider.create(one))));
    const texts = new Map<string, number>();
    for (const { message } of errors) texts.set(message, (texts.get(message) ?? 0) + 1);
    expect([...texts]).toEqual([
      [
        expect.stringMatching(
          /^Gateway "home": There is no socket of portforward-agent at .*\. Start the agent/,
        ),
        1,
      ],
      ['Gateway "home": the same as for another rule.', 19],
    ]);
    await home.restart();
  });
});

describe('configuration', () => {
  test('a rule without a gateway is told so by each call', async () => {
    const provider = await bench.provider({ 'shop:colour': 'red' });
    for (const call of [
      provider.check({}, rule()),
      provider.create(rule()),
      provider.diff('x', rule(), rule()),
    ])
      expect((await failure(call)).message).toMatch(/without a gateway.*`gateway`/);
  });

  test.each<[string, Record<string, unknown>, RegExp]>([
    ['an unknown kind', { 'portforward:kind': 'toaster' }, /toaster/],
    ['a relative socket', { 'portforward:socket': 'agent.sock' }, /agent\.sock.*absolute/],
    ['a variable that is not set', { 'portforward:tokenEnv': 'NO_SUCH_VARIABLE' }, /NO_SUCH_VARIABLE/],
    ['a time-out that is none', { 'portforward:timeout': '-1' }, /timeout/],
  ])(
    '%s fails each call with its own words, also those that came while it was read',
    async (_n, more, words) => {
      const home = await bench.gateway();
      const provider = await bench.provider(configOf(home, more));
      const calls = [
        provider.check({}, rule()),
        provider.create(rule()),
        provider.create(rule({ name: 'b' })),
      ];
      for (const error of await Promise.all(calls.map(failure))) expect(error.message).toMatch(words);
      expect((await failure(provider.create(rule()))).message).toMatch(words);
      expect(provider.output).not.toMatch(/^\s+at /m);
    },
  );

  test('calls that come before the configuration is ready wait for it', async () => {
    const home = await bench.gateway();
    const provider = await bench.provider(configOf(home));
    const { id, outs } = await provider.create(rule());
    const fresh = await bench.provider(configOf(home));
    const reads = await Promise.all(Array.from({ length: 20 }, () => fresh.read(id, outs)));
    for (const read of reads) expect(read).toMatchObject({ id, outs });
  });

  test('two texts in one state, of an older and a newer program, share the gateway', async () => {
    const home = await bench.gateway();
    const provider = await bench.provider(configOf(home));
    await provider.create(rule());
    await provider.create(rule({ name: 'ssh', externalPort: 22222, __provider: `${PROVIDER_TEXT};` }));
    expect(await home.forwards()).toEqual([`tcp 22222 -> ${HOST}:22222`, `tcp 443 -> ${HOST}:443`]);
  });

  test('where the package is not installed the process says what it misses', async () => {
    const directory = bench.directory();
    directory.uninstall('portforward');
    const provider = await DynamicProcess.start(directory.path, {});
    const { message } = await failure(provider.check({}, rule())).finally(() => provider.stop());
    expect(message).toContain("Cannot find module 'portforward/dynamic'");
  });
});

describe('credentials', () => {
  const CANARY = 'canary-4f1c0d9e8b7a65544332211000ffeedd';

  async function guarded() {
    const file = join(bench.directory().path, 'token');
    writeFileSync(file, `${CANARY}\n`, { mode: 0o600 });
    return bench.gateway(file);
  }

  test.each<[string, (socket: string) => [Record<string, unknown>, NodeJS.ProcessEnv]]>([
    ['as an argument', () => [{ 'portforward:token': CANARY }, {}]],
    ['from the usual variable', () => [{}, { PORTFORWARD_TOKEN: CANARY }]],
    ['from a variable that the gateway names', () => [{ 'portforward:tokenEnv': 'BOX' }, { BOX: CANARY }]],
  ])('are taken %s and appear in no answer and no line', async (_name, given) => {
    const home = await guarded();
    const [config, env] = given(home.socket);
    const provider = await bench.provider(configOf(home, config), env);
    const made = await provider.create(rule());
    const read = await provider.read(made.id, made.outs);
    expect(JSON.stringify([made, read]) + provider.output).not.toContain(CANARY);
  });

  test('a refused one says so without showing it', async () => {
    const home = await guarded();
    const provider = await bench.provider(configOf(home, { 'portforward:token': 'canary-wrong' }));
    const error = await failure(provider.create(rule()));
    expect(error.message).toMatch(/token/i);
    expect(error.message + provider.output).not.toMatch(/canary/);
  });
});

describe('a bad day', () => {
  test('a gateway that does not answer fails a refresh in one sentence, and the rule stays recorded', async () => {
    const home = await bench.gateway();
    const provider = await bench.provider(configOf(home));
    const made = await provider.create(rule());
    await home.stop();
    const fresh = await bench.provider(configOf(home));
    const error = await failure(fresh.read(made.id, made.outs));
    expect(error.message).toContain(home.socket);
    expect(error.partial).toBeNull();
    await home.restart();
  });

  test('`unreachable: "keep"` keeps the recorded rule with a warning', async () => {
    const home = await bench.gateway();
    const made = await (await bench.provider(configOf(home))).create(rule());
    await home.stop();
    const provider = await bench.provider(configOf(home, { 'portforward:unreachable': 'keep' }));
    expect(await provider.read(made.id, made.outs)).toMatchObject({
      id: made.id,
      outs: made.outs,
      inputs: { ...rule(), __provider: PROVIDER_TEXT },
    });
    expect(provider.output).toMatch(/warning: /);
    // A change still needs the gateway.
    await failure(provider.update(made.id, made.outs, rule({ externalPort: 444 })));
    await home.restart();
  });

  test('a rule that a firewall in front blocks fails, and is recorded so that it can be mended and removed', async () => {
    const home = await bench.gateway();
    const provider = await bench.provider(configOf(home));
    home.kernel.tamper.block({ message: 'Chain FORWARD drops it.', hint: 'Add the line.' });
    const { message, partial } = await failure(provider.create(rule()));
    expect(message).toMatch(/Chain FORWARD drops it[\s\S]*Add the line/);
    expect(partial).toMatchObject({ id: 'shop/dev/web' });
    expect(partial?.reasons).toEqual([message]);
    expect(partial?.properties).toMatchObject({ ...rule(), __provider: PROVIDER_TEXT, owner: 'shop/dev' });

    home.kernel.tamper.block(null);
    const outs = await provider.update(partial?.id as string, partial?.properties ?? {}, rule());
    expect(await home.forwards()).toEqual([`tcp 443 -> ${HOST}:443`]);
    await (await bench.provider(configOf(home))).delete('shop/dev/web', outs);
    expect(await home.forwards()).toEqual([]);
  });

  test('a foreign entry on the port is a conflict that names it, and stays as it is', async () => {
    const home = await bench.gateway();
    const forward = {
      enabled: true,
      traffic: [{ protocol: 'tcp' as const, ports: [{ from: 443, to: 443, target: 443 }] }],
      wan: null,
      target: { kind: 'host' as const, family: 4 as const, address: '192.168.50.99' },
      sources: null,
      hairpin: null,
      log: false,
      description: '',
    };
    const label = 'dnat in table ip nat, chain PREROUTING';
    home.kernel.tamper.addForeign({ handle: 'ip nat PREROUTING 7', forward, restriction: null, label });
    const before = JSON.stringify(home.kernel.tamper.foreign());
    const provider = await bench.provider(configOf(home));
    const { failures } = await provider.check({}, rule());
    expect(Object.values(failures).join()).toContain(label);
    expect((await failure(provider.create(rule()))).message).toContain(label);
    expect(await home.forwards()).toEqual([]);
    expect(JSON.stringify(home.kernel.tamper.foreign())).toBe(before);
  });

  test('killed in the middle of a change, the next process finishes it without a second entry', async () => {
    const home = await bench.gateway();
    const provider = await bench.provider(configOf(home));
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      home.kernel.tamper.hold(() => {
        resolve();
        return new Promise<void>((go) => {
          release = go;
        });
      });
    });
    const lost = failure(provider.create(rule()));
    await held;
    await provider.stop('SIGKILL');
    home.kernel.tamper.hold(null);
    release();
    await lost;

    const next = await bench.provider(configOf(home));
    const made = await next.create(rule());
    expect(await home.forwards()).toEqual([`tcp 443 -> ${HOST}:443`]);
    await (await bench.provider(configOf(home))).delete(made.id, made.outs);
    expect(await home.forwards()).toEqual([]);
  });
});
