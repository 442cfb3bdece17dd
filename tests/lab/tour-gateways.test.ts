import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../lab/namespaces/compiled';
import type { Engine } from '../../lab/tour/engine';
import { openwrt, quickstart, upnp } from '../../lab/tour/examples';
import { isLeftOut } from '../../lab/tour/left-out';
import type { StepReport } from '../../lab/tour/step';
import { steps } from '../../lab/tour/steps';
import { playStory } from '../../lab/tour/story';
import { OpenwrtWorld } from '../../lab/tour/worlds/openwrt';
import { overlap } from '../../provider/rule/conflicts';
import { normalise } from '../../provider/rule/normalise';
import { describeWhere, missingForEngine, missingForMiniupnpd, missingForPulumi } from '../support/needs';
import { complaints, leftovers, tour } from './run-tour';

jest.setTimeout(300_000);

/** Other kinds of gateway. Pulumi is slow, so it plays one; tests/lab/gateway-examples.test.ts runs it on each. */
const others = [
  { gateway: 'openwrt', mode: 'simulated', engine: 'terraform', leftOut: [], missing: null },
  {
    gateway: 'upnp',
    mode: 'real',
    engine: 'terraform',
    leftOut: ['blocked'],
    missing: missingForMiniupnpd(),
  },
  { gateway: 'upnp', mode: 'real', engine: 'pulumi', leftOut: ['blocked'], missing: missingForMiniupnpd() },
] as const;

for (const { gateway, mode, engine, leftOut, missing } of others) {
  const noEngine = engine === 'pulumi' ? missingForPulumi() : missingForEngine(engine);
  describeWhere(noEngine ?? missing, `npm start --gateway ${gateway} --engine ${engine}`, () => {
    test(`ends with status 0, every step ${mode} but what is left out there, and leaves nothing`, async () => {
      const before = leftovers();
      const argv = ['--json', '--no-install', '--engine', engine, '--gateway', gateway];
      const { status, out, err } = await tour(argv);
      expect(err).toBe('');
      const report = JSON.parse(out) as { readonly steps: readonly StepReport[] };
      expect(complaints(report.steps)).toEqual([]);
      expect({ status, ...report }).toMatchObject({ status: 0, ok: true, gateway, mode });
      expect(report.steps.map(({ name }) => name)).toEqual(steps.map(({ name }) => name));
      for (const step of report.steps)
        expect(step.mode).toBe(leftOut.some((name) => name === step.name) ? 'left out' : mode);
      expect(leftovers()).toEqual(before);
    });
  });
}

test('a rule that nobody applied fails the second step on the simulated router, and the story ends there', async () => {
  const world = await OpenwrtWorld.start();
  const done = async () => ({ command: 'engine', code: 0, output: quickstart.rule });
  const idle: Engine = {
    title: 'an engine that does nothing',
    ...{ preview: done, up: done, drift: done, destroy: done },
    declare: async () => '',
    withdraw: async () => undefined,
  };
  const reports = await playStory(world, idle);
  await world.stop();
  expect(reports.map(({ name, ok }) => [name, ok])).toEqual([
    ['preview', true],
    ['up', false],
  ]);
  expect(reports[1]?.error).toContain('a client on the internet reaches the server');
});

test('a gateway that there is not, or that nothing simulates: status 2, with what to do', async () => {
  expect(await tour(['--gateway', 'spoon'])).toMatchObject({
    status: 2,
    err: expect.stringContaining('agent, openwrt, upnp'),
  });
  expect(await tour(['--gateway', 'upnp', '--simulated'])).toMatchObject({
    status: 2,
    err: expect.stringContaining('Leave --simulated out'),
  });
});

describe.each(Object.entries({ quickstart, openwrt, upnp }))('the example of %s', (_, example) => {
  const { rule, externalPort, internalAddress, internalPort, sources, conflicting } = example;
  const text = (...path: string[]) => readFileSync(join(packageRoot(), ...path), 'utf8');

  test('says what the story relies on, for every engine', () => {
    const program = text(example.pulumi, 'index.ts');
    const hcl = text(example.hcl, 'main.tf');
    for (const value of [rule, internalAddress, ...(isLeftOut(sources) ? [] : sources)]) {
      expect(program).toContain(`'${value}'`);
      expect(hcl).toContain(`"${value}"`);
    }
    for (const code of [program, hcl]) expect(code.includes('sources')).toBe(!isLeftOut(sources));
    expect(program).toContain(`externalPort: ${externalPort}`);
    expect(hcl).toMatch(new RegExp(`external_port += ${externalPort}\n`));
    expect(program).toContain(`internalPort: ${internalPort}`);
    expect(hcl).toMatch(new RegExp(`internal_port += ${internalPort}\n`));
  });

  test('conflicts with the rule that is added to it', () => {
    const from = isLeftOut(sources) ? {} : { sources };
    const inputs = { name: rule, externalPort, internalAddress, ...from };
    const [a, b] = [inputs, conflicting].map((one) => normalise(one).forward);
    expect(a && b && overlap(a, b)).not.toBeNull();
  });
});

test('the reference network at the root is the quickstart', () => {
  const manifest = (path: string) => readFileSync(join(packageRoot(), path, 'Pulumi.yaml'), 'utf8');
  expect(manifest('.').replace(`main: ${quickstart.pulumi}\n`, '')).toBe(manifest(quickstart.pulumi));
});
