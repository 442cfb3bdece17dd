import type { PracticeGateway } from '../support/gateway';
import type { PulumiProject } from '../support/pulumi';
import { describePulumi, program } from '../support/suite';

const WEB = 'tcp 443 -> 192.168.50.10:443';

/** What is refused before anything changes, and what is not known before anything changes. */
describePulumi('pulumi: mistakes and unknown values', (bench) => {
  let home: PracticeGateway;
  let pulumi: PulumiProject;
  beforeAll(async () => {
    [home, pulumi] = [await bench.gateway(), await bench.project()];
  });

  /** Refused by preview and by an `up` that skips the preview: nothing changes. */
  async function refused(rules: string, ...words: RegExp[]): Promise<void> {
    pulumi.write(program(home, rules));
    for (const run of [await pulumi.preview(), await pulumi.run('up', '--yes', '--skip-preview')]) {
      expect(run.code).not.toBe(0);
      for (const word of words) expect(run.output).toMatch(word);
      expect(run.output).not.toMatch(/^\s+at /m);
    }
    expect(await home.forwards()).toEqual([]);
  }

  test('conflicts and namesakes are all told, and no rule of the program is made', async () => {
    await refused(
      `
        rule('web', { externalPort: 443 });
        rule('range', { externalPort: pulumi.output('400-500') });
        rule('ssh', { externalPort: 22222 });
        rule('ssh2', { name: 'ssh', externalPort: 22223 });
        rule('innocent', { externalPort: 5000 });
      `,
      /rules "web" and "range" of gateway "home" conflict: .*443/,
      /2 rules of gateway "home" have the name "ssh"/,
    );
  });

  test('a wrong property is told by its name, and no rule before it is made', async () => {
    await refused(
      `rule('good', { externalPort: 80 }); rule('bad', { externalPort: '80abc' });`,
      /rule "bad": externalPort: .*80abc/,
    );
  });

  test('all wrong rules of a program are told at once, with the conflicts, wherever they stand in it', async () => {
    await refused(
      `
        const web = rule('web', { externalPort: [80, 443] });
        rule('good', { externalPort: 5000 });
        rule('self', { externalPort: pulumi.output(81), internalAddress: '127.0.0.1' });
        class Shop extends pulumi.ComponentResource {
          constructor(name, opts) {
            super('test:index:Shop', name, {}, opts);
            rule('far', { externalPort: 99999, colour: 'red' }, { parent: this });
            this.registerOutputs({});
          }
        }
        new Shop('shop', { providers: [home] });
        rule('twin', { externalPort: '5000-5010' });
        exports.address = web.internalAddress;
        exports.id = web.id;
      `,
      /rule "web": externalPort: \[80,443\] is not a port; .* Did you mean "80,443"\?/,
      /rule "self": internalAddress: "127\.0\.0\.1" is a loopback address/,
      /rule "far": colour: .*not a property/,
      /rule "far": externalPort: 99999 is outside 1-65535/,
      /rules "good" and "twin" of gateway "home" conflict/,
    );
  });

  test.each([
    ['10.99.0.1', /property internalAddress value.*lies in no LAN of gateway "home"/],
    [
      '192.168.50.1',
      /property internalAddress value.*is an address of gateway "home" itself\. Did you mean "gateway"\?/,
    ],
  ])('what only the gateway knows is refused by its check: %s', async (internalAddress, words) => {
    pulumi.write(
      program(
        home,
        `rule('far', { externalPort: 80, internalAddress: ${JSON.stringify(internalAddress)} });`,
      ),
    );
    const { code, output } = await pulumi.preview();
    expect(code).not.toBe(0);
    expect(output).toMatch(words);
    expect(await home.forwards()).toEqual([]);
  });

  test('values that other resources give are unknown in a preview and right in the end', async () => {
    pulumi.write(
      program(
        home,
        `
          const web = rule('web', { externalPort: 443 });
          const port = web.id.apply(() => 8443);
          rule('later', { externalPort: port, sources: [web.id.apply(() => '203.0.113.0/24'), '198.51.100.0/24'] });
          const cellar = new Gateway('cellar', { kind: 'agent', socket: web.id.apply(() => ${JSON.stringify(home.socket)}) });
          new PortForwardRule('deep', { externalPort: 9000, internalAddress: '192.168.50.10' }, { gateway: cellar });
        `,
      ),
    );
    expect(await pulumi.preview()).toMatchObject({ code: 0 });
    await pulumi.up();
    expect(await home.forwards()).toEqual(
      [
        WEB,
        'tcp 8443 -> 192.168.50.10:8443 from 198.51.100.0/24,203.0.113.0/24',
        'tcp 9000 -> 192.168.50.10:9000',
      ].sort(),
    );
    await pulumi.unchanged();
  });

  test('a wrong rule on a gateway that is not known yet is refused: no check is called for it', async () => {
    const stack = await bench.project();
    stack.write(
      program(
        home,
        `
          const first = rule('first', { externalPort: 5001 });
          const later = new Gateway('later', { kind: 'agent', socket: first.id.apply(() => '/run/x.sock') });
          new PortForwardRule('bad', { externalPort: '80abc', internalAddress: '192.168.50.10' }, { gateway: later });
        `,
      ),
    );
    const { code, output } = await stack.preview();
    expect(code).not.toBe(0);
    expect(output).toMatch(/rule "bad": externalPort: .*80abc/);
  });

  test('a conflict that is known only while applying fails the later rule, and the earlier one stays', async () => {
    const stack = await bench.project('other');
    stack.write(
      program(
        home,
        `
          const first = rule('first', { externalPort: 6000 });
          rule('second', { externalPort: first.id.apply(() => 6000), internalPort: 1 });
        `,
      ),
    );
    expect(await stack.preview()).toMatchObject({ code: 0 });
    const up = await stack.run('up', '--yes', '--skip-preview');
    expect(up.code).not.toBe(0);
    expect(up.output).toMatch(/rules "first" and "second" of gateway "home" conflict/);
    expect(await home.forwards()).toContain('tcp 6000 -> 192.168.50.10:6000');
  });
});
