import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyExample } from '../../support/copied-example';
import { cleanEnvironment, HclExample, HOME_LABS, runHere } from '../../support/hcl-example';
import { describeWhere, HCL_ENGINES, missingForEngine } from '../../support/needs';
import { PracticeGateway } from '../support/gateway';
import { repositoryRoot } from '../support/package';

// A machine that is shared with others may be slow; npm, ts-node and an engine run one after the other here.
jest.setTimeout(180_000);

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'portforward-example-'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const FORWARDS = [
  'tcp 21,50000-50020 -> 192.168.50.10:21,50000-50020',
  'tcp 2222 -> 192.168.50.10:22',
  'tcp 443 -> 2001:db8:50::10:443',
  'tcp 554 -> 192.168.50.20:554 from 203.0.113.0/26',
  'tcp 80,443 -> 192.168.50.10:80,443',
  'udp 27000-27015 -> 192.168.50.10:27000-27015',
];

for (const engine of HCL_ENGINES)
  describeWhere(missingForEngine(engine), `${engine}: examples`, () => {
    let home: PracticeGateway;
    beforeEach(async () => {
      home = await PracticeGateway.start();
    });
    afterEach(() => home.remove());

    test.each(HOME_LABS)('%s: applied, nothing left to do, destroyed', async (name) => {
      const example = await HclExample.start({ name, engine, place, variables: { socket: home.socket } });
      await example.succeed('apply', '-auto-approve', '-parallelism=64');
      expect(await home.forwards()).toEqual(FORWARDS);
      await example.succeed('plan', '-detailed-exitcode', '-parallelism=64');
      await example.succeed('destroy', '-auto-approve', '-parallelism=64');
      expect(await home.forwards()).toEqual([]);
    });
  });

test.each(['cdktf', 'cdktn'])('%s: is synthesised in the clone as it is copied out', async (name) => {
  const clone = join(repositoryRoot, 'examples', name);
  const copy = join(place, name);
  copyExample(name, copy);
  const stacks = [];
  for (const [cwd, out] of [
    [clone, 'in'],
    [copy, 'out'],
  ] as const) {
    const env = cleanEnvironment(place, { CDKTF_OUTDIR: join(place, out) });
    const { code, stderr } = await runHere(['npm', 'run', 'synth'], { cwd, env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const stack = JSON.parse(readFileSync(join(place, out, 'stacks', 'home-lab', 'cdk.tf.json'), 'utf8'));
    // Where the state will be: beside the program.
    expect(stack.terraform.backend.local.path).toBe(join(cwd, 'terraform.home-lab.tfstate'));
    stacks.push({ ...stack, terraform: { ...stack.terraform, backend: null } });
  }
  expect(stacks[0]).toEqual(stacks[1]);
  expect(Object.keys(stacks[0].resource.portforward_rule)).toHaveLength(FORWARDS.length);
});
