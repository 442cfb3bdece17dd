import type { PracticeGateway } from '../support/gateway';
import { familyOf, providersOf } from '../support/processes';
import type { PulumiProject } from '../support/pulumi';
import { describePulumi, program, story } from '../support/suite';

/** The gateway is at work and stays so until it is told how to end: it does what it was asked, or it does not. */
interface AtWork {
  finish(): void;
  fail(): void;
}

/** Resolves when the gateway is at its `count`th change from now on; the ones before pass. */
function atWork(home: PracticeGateway, count: number): Promise<AtWork> {
  let left = count;
  return new Promise((arrived) => {
    home.kernel.tamper.hold(() => {
      left -= 1;
      if (left > 0) return Promise.resolve();
      home.kernel.tamper.hold(null);
      return new Promise<void>((finish, fail) =>
        arrived({ finish, fail: () => fail(new Error('the power went')) }),
      );
    });
  });
}

function kill(pids: readonly number[]): void {
  expect(pids.length).toBeGreaterThan(0);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
}

describePulumi('pulumi: kill -9 of the provider in the middle', (bench) => {
  test('while the gateway is at work: one more up converges', async () => {
    const [home, pulumi] = [await bench.gateway(), await bench.project()];
    pulumi.write(program(home, `rule('web', { externalPort: 443 }); rule('ssh', { externalPort: 2222 });`));
    const working = atWork(home, 1);
    const up = pulumi.run('up', '--yes', '--skip-preview');
    const work = await working;
    kill(providersOf(pulumi.directory.path));
    expect((await up).code).not.toBe(0);
    work.finish();

    await pulumi.up();
    expect(await home.forwards()).toEqual(['tcp 2222 -> 192.168.50.10:2222', 'tcp 443 -> 192.168.50.10:443']);
    await pulumi.unchanged('--refresh', '--run-program');
    await pulumi.destroy();
    expect(await home.forwards()).toEqual([]);
  });
});

describePulumi('pulumi: kill -9 of the engine and all its children in the middle', (bench) => {
  const RULES = 30;
  const step = story();
  let home: PracticeGateway;
  let pulumi: PulumiProject;
  beforeAll(async () => {
    [home, pulumi] = [await bench.gateway(), await bench.project()];
  });

  const write = (port: number) =>
    pulumi.write(
      program(home, `for (let i = 0; i < ${RULES}; i += 1) rule('r' + i, { externalPort: ${port} + i });`),
    );
  const all = (port: number) =>
    Array.from({ length: RULES }, (_, index) => `tcp ${port + index} -> 192.168.50.10:${port + index}`);

  /** Kills the command while the gateway is at its second batch; a few rules are done by then, most are not begun. */
  async function killed(...command: string[]): Promise<AtWork> {
    const working = atWork(home, 2);
    const { pid, ended } = pulumi.start(...command, '--yes', '--skip-preview', '--parallel', '4');
    const run = await Promise.race([working, ended]);
    if ('output' in run) throw new Error(`it ended before: ${run.output}`);
    kill(familyOf(pid));
    expect((await ended).code).toBe(-1);
    expect(providersOf(pulumi.directory.path)).toEqual([]);
    return run;
  }

  /** The lock of the killed engine stands in the way until a person takes it away. */
  async function cancelled(): Promise<void> {
    const refused = await pulumi.run('up', '--yes', '--skip-preview');
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('pulumi cancel') });
    await pulumi.succeed('cancel', '--yes');
  }

  /** Nothing doubled, nothing lost, in the gateway and in the state, and nothing left to do. */
  async function converged(port: number): Promise<void> {
    expect(await home.forwards()).toEqual(all(port));
    const rules = await pulumi.rules();
    expect(rules.map(({ id }) => id).sort()).toEqual(
      Array.from({ length: RULES }, (_, index) => `shop/dev/r${index}`).sort(),
    );
    for (const { outputs } of rules) expect(outputs?.entries).toHaveLength(1);
    await pulumi.succeed('up', '--yes', '--skip-preview', '--expect-no-changes');
    await pulumi.unchanged('--refresh', '--run-program');
  }

  step('of a first up, whose batch under way the gateway carries out all the same', async () => {
    write(5000);
    const work = await killed('up');
    const done = (await home.forwards()).length;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(RULES);
    work.finish();
    await cancelled();
    await pulumi.up();
    await converged(5000);
  });

  step('of an up that changes every rule, whose batch under way is lost', async () => {
    write(6000);
    const work = await killed('up');
    expect(await home.forwards()).not.toEqual(all(5000));
    work.fail();
    await cancelled();
    await pulumi.up();
    await converged(6000);
  });

  step('of a destroy', async () => {
    const work = await killed('destroy', '--run-program');
    expect((await home.forwards()).length).toBeGreaterThan(0);
    work.finish();
    await cancelled();
    await pulumi.destroy();
    expect(await home.forwards()).toEqual([]);
    expect(await pulumi.rules()).toEqual([]);
  });
});
