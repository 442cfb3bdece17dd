import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { packageRoot } from '../../lab/namespaces/compiled';
import type { Engine } from '../../lab/tour/engine';
import { hclEngines } from '../../lab/tour/find-hcl';
import type { StepReport } from '../../lab/tour/step';
import { steps } from '../../lab/tour/steps';
import { playStory } from '../../lab/tour/story';
import { AgentWorld } from '../../lab/tour/worlds/agent';
import { AgentInMemoryWorld } from '../../lab/tour/worlds/agent-in-memory';
import {
  describeWhere,
  hclEngine,
  missingForEngine,
  missingForLab,
  missingForPulumi,
} from '../support/needs';
import { GrpcEngine } from './grpc-engine';
import { complaints, leftovers, tour } from './run-tour';

jest.setTimeout(300_000);

async function play(world: AgentWorld | AgentInMemoryWorld): Promise<readonly StepReport[]> {
  const engine = new GrpcEngine(world.socket);
  try {
    return await playStory(world, engine);
  } finally {
    await engine.stop();
    await world.stop();
  }
}

describeWhere(missingForLab(), 'the tour with real packets, the provider process as engine', () => {
  test('every step holds, and none is simulated', async () => {
    const reports = await play(await AgentWorld.start());
    expect(complaints(reports)).toEqual([]);
    expect(reports.map(({ name }) => name)).toEqual(steps.map(({ name }) => name));
    const modes = reports.flatMap((step) =>
      step.happenings.map((it) => (it.kind === 'proof' ? it.mode : 'real')),
    );
    expect(new Set(modes)).toEqual(new Set(['real']));
  });

  test('a rule that nobody applied fails the second step, and the story ends there', async () => {
    const world = await AgentWorld.start();
    const real = new GrpcEngine(world.socket);
    const idle: Engine = {
      title: 'an engine that does nothing',
      preview: () => real.preview(),
      up: async () => ({ command: 'up', code: 0, output: 'done' }),
      drift: () => real.drift(),
      destroy: () => real.destroy(),
      declare: (extra) => real.declare(extra),
      withdraw: () => real.withdraw(),
    };
    const reports = await playStory(world, idle);
    await real.stop();
    await world.stop();
    expect(reports.map(({ name, ok }) => [name, ok])).toEqual([
      ['preview', true],
      ['up', false],
    ]);
    expect(reports[1]?.error).toContain('a client on the internet reaches the server');
  });
});

describe('the tour where no packets move', () => {
  test('every step holds, each marked simulated, and nothing is claimed of other connections', async () => {
    const reports = await play(await AgentInMemoryWorld.start());
    expect(complaints(reports)).toEqual([]);
    const proofs = reports.flatMap((step) => step.happenings.filter((it) => it.kind === 'proof'));
    expect(proofs.every(({ mode }) => mode === 'simulated')).toBe(true);
    expect(proofs.some(({ claim }) => claim.includes("LAN machine's own"))).toBe(false);
  });
});

describeWhere(missingForLab() ?? missingForPulumi(), 'npm start with the real Pulumi CLI', () => {
  test('ends with status 0, every step real, and leaves nothing', async () => {
    const before = leftovers();
    const { status, out, err } = await tour(['--json', '--no-install', '--engine', 'pulumi']);
    expect(err).toBe('');
    const report = JSON.parse(out);
    expect(complaints(report.steps)).toEqual([]);
    expect(status).toBe(0);
    expect(report).toMatchObject({ mode: 'real', ok: true, engine: expect.stringMatching(/^Pulumi \d/) });
    expect(report.steps.map((step: StepReport) => step.name)).toEqual(steps.map(({ name }) => name));
    expect(leftovers()).toEqual(before);
    expect(existsSync(join(packageRoot(), 'Pulumi.tour.yaml'))).toBe(false);
  });
});

describe.each(hclEngines)('npm start where %s is and no Pulumi CLI', (name) => {
  const title = { terraform: 'Terraform', tofu: 'OpenTofu' }[name];
  const other = name === 'terraform' ? 'tofu' : 'terraform';

  /** This machine without Pulumi and without the other engine. */
  function machine(home: string): NodeJS.ProcessEnv {
    const bin = join(home, 'bin');
    const tmp = join(home, 'tmp');
    for (const directory of [bin, tmp]) mkdirSync(directory);
    symlinkSync(hclEngine(name) ?? '', join(bin, name));
    const places = (process.env.PATH ?? '').split(delimiter);
    const without = places.filter(
      (place) => !['pulumi', other, name].some((it) => existsSync(join(place, it))),
    );
    const PATH = [bin, ...without].join(delimiter);
    return { HOME: home, XDG_CACHE_HOME: home, PULUMI_HOME: home, TMPDIR: tmp, PATH };
  }

  async function play(...argv: string[]): Promise<void> {
    const home = mkdtempSync(join(tmpdir(), 'portforward-home-'));
    // What a user may have set for work of another kind.
    const own = { TF_WORKSPACE: 'prod', TF_CLI_ARGS: '-no-such-flag', PORTFORWARD_OWNER: 'somebody' };
    const { status, out, err } = await tour(['--json', '--no-install', ...argv], {
      ...machine(home),
      ...own,
    });
    expect(err).toBe('');
    const report = JSON.parse(out);
    expect(complaints(report.steps)).toEqual([]);
    expect(status).toBe(0);
    expect(report).toMatchObject({
      mode: argv.includes('--simulated') ? 'simulated' : 'real',
      ok: true,
      engine: expect.stringMatching(new RegExp(`^${title} \\d+\\.\\d+\\.\\d+`)),
      why: `${title}, since there is no Pulumi CLI on this machine.`,
    });
    expect(report.steps.map((step: StepReport) => step.name)).toEqual(steps.map((step) => step.name));
    expect(readdirSync(home).sort()).toEqual(['bin', 'tmp']);
    expect(readdirSync(join(home, 'tmp'))).toEqual([]);
    rmSync(home, { recursive: true });
  }

  describeWhere(missingForEngine(name) ?? missingForLab(), 'with real packets', () => {
    test('ends with status 0, every step real, and leaves nothing', () => play());
  });

  describeWhere(missingForEngine(name), 'simulated', () => {
    test('ends with status 0, every step simulated, and leaves nothing', () => play('--simulated'));
  });
});

describe('npm start', () => {
  test('without an engine: one sentence that says what to do, status 3', async () => {
    const home = mkdtempSync(join(tmpdir(), 'portforward-home-'));
    const nowhere = { HOME: home, XDG_CACHE_HOME: home, PULUMI_HOME: home, PATH: home };
    const { status, out, err } = await tour(['--no-install', '--simulated'], nowhere);
    rmSync(home, { recursive: true });
    expect({ status, out }).toEqual({ status: 3, out: '' });
    expect(err).toMatch(
      /There is no Pulumi CLI on this machine\. .*Pulumi \(.*Terraform \(.*npm run engine:tofu/,
    );
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  test('with an engine that does not run: its own words, status 3', async () => {
    const home = mkdtempSync(join(tmpdir(), 'portforward-home-'));
    writeFileSync(join(home, 'terraform'), '#!/bin/sh\necho "no version is set" >&2\nexit 86\n', {
      mode: 0o755,
    });
    const env = { HOME: home, XDG_CACHE_HOME: home, PULUMI_HOME: home, PATH: `${home}:/usr/bin:/bin` };
    const { status, out, err } = await tour(['--simulated', '--engine', 'terraform'], env);
    rmSync(home, { recursive: true });
    expect({ status, out }).toEqual({ status: 3, out: '' });
    expect(err).toMatch(/Terraform does not run here: .*no version is set/);
  });

  test('wrong flags: status 2, with what is accepted', async () => {
    expect(await tour(['--engine', 'spoon'])).toMatchObject({
      status: 2,
      err: expect.stringContaining('pulumi, terraform, tofu'),
    });
    expect(await tour(['--jsno'])).toMatchObject({ status: 2, err: expect.stringContaining('--help') });
    expect(await tour(['--help'])).toMatchObject({
      status: 0,
      out: expect.stringMatching(/--gateway .*--simulated/s),
    });
  });
});
