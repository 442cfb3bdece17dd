import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import type { EntriesReply } from '../../../agent/api/wire';
import { poor, rich } from '../../../lab/simulators/memory/kinds';
import type { PracticeGateway } from '../support/gateway';
import { agentProvider, describeHcl, provider, rule } from '../support/hcl-suite';
import { MemoryGateways } from '../support/memory-kind';
import { plain, type TerraformProject } from '../support/terraform';

/** Holds the gateway in the middle of its next change. */
function hold(home: PracticeGateway): { readonly reached: Promise<void>; release(): void } {
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    home.kernel.tamper.hold(async () => {
      resolve();
      await gate;
    });
  });
  return {
    reached,
    release: () => {
      home.kernel.tamper.hold(null);
      release();
    },
  };
}

/** Resolves when the change that runs is made: the agent answers one request after the other. */
async function written(home: PracticeGateway): Promise<void> {
  await home.ask('GET', '/v1/entries');
}

/** The state names exactly what stands on the gateway. */
async function expectAgreement(project: TerraformProject, home: PracticeGateway): Promise<void> {
  const recorded = Object.values(await project.rules()).map(({ id }) => id);
  const { entries } = (await home.ask('GET', '/v1/entries')) as EntriesReply;
  const there = entries.map(({ id }) => id);
  expect(recorded.sort()).toEqual(there.sort());
}

function said(child: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve) => {
    let all = '';
    child.stdout?.on('data', (data) => {
      all += String(data);
      if (all.includes(words)) resolve();
    });
  });
}

const chain = (count: number): string =>
  Array.from({ length: count }, (_, n) =>
    rule(`r${n}`, {
      external_port: 9000 + n,
      ...(n === 0 ? {} : { depends_on: `= [portforward_rule.r${n - 1}]` }),
    }),
  ).join('');

describeHcl('a run that is cut short', (bench) => {
  let home: PracticeGateway;
  let project: TerraformProject;

  beforeEach(async () => {
    home = await bench.gateway();
    project = await bench.project();
  });

  test('Ctrl-C in the middle of an apply: what was sent is finished and recorded, the rest is not begun', async () => {
    project.write('main.tf', agentProvider(home) + chain(3));
    const gate = hold(home);
    const { child, ended } = project.start('apply', '-auto-approve');
    await gate.reached;
    const interrupted = said(child, 'Interrupt received');
    child.kill('SIGINT');
    await interrupted;
    gate.release();
    const { code, output } = await ended;
    expect([code, plain(output)]).toEqual([1, expect.stringContaining('execution halted')]);
    expect(await home.forwards()).toEqual(['tcp 9000 -> 192.168.50.10:9000']);
    await expectAgreement(project, home);
    await project.apply();
    await project.unchanged();
    await project.destroy();
    expect(await home.forwards()).toEqual([]);
  });

  test('the engine killed in the middle of an apply: the next one finds what was written and goes on', async () => {
    project.write('main.tf', agentProvider(home) + chain(2));
    const gate = hold(home);
    const { child, ended } = project.start('apply', '-auto-approve');
    await gate.reached;
    child.kill('SIGKILL');
    await ended;
    gate.release();
    await written(home);
    expect(await home.forwards()).toHaveLength(1);
    expect(plain(await project.succeed('plan'))).toContain('Rule "r0" is on the gateway already');
    await project.apply();
    expect(await home.forwards()).toHaveLength(2);
    await project.unchanged();
  });

  test('the provider killed in the middle of an apply: the same', async () => {
    const started = await bench.project('started');
    started.write('main.tf', agentProvider(home) + chain(2));
    const gate = hold(home);
    const { child, ended } = started.start('apply', '-auto-approve');
    await gate.reached;
    const providers = childrenOf(child.pid as number);
    expect(providers).toHaveLength(1);
    for (const pid of providers) process.kill(pid, 'SIGKILL');
    expect((await ended).code).toBe(1);
    gate.release();
    await written(home);
    project.write('main.tf', agentProvider(home) + chain(2));
    project.write('terraform.tfstate', started.read('terraform.tfstate'));
    await project.apply();
    expect(await home.forwards()).toHaveLength(2);
    await project.unchanged();
  });
});

/** Processes whose parent is this one: the fourth field of their `stat`, after the name in parentheses. */
function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const [, fields = ''] = /\) \S (.*)/.exec(statOf(pid)) ?? [];
      return Number(fields.split(' ')[0]) === parent;
    })
    .map(Number);
}

/** Empty for a process that ended meanwhile. */
function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

describeHcl('a write that fails', (bench) => {
  const gateways = new MemoryGateways();
  beforeAll(() => bench.provide([gateways.kind]));

  const start = async (name: string, options: Parameters<MemoryGateways['add']>[1] = {}) => {
    const gateway = gateways.add(name, options);
    const project = await bench.project();
    const write = (...rules: string[]) =>
      project.write(
        'main.tf',
        [provider({ kind: 'memory', gateway: name, owner: 'home/net' }), ...rules].join(''),
      );
    return { gateway, project, write };
  };

  test('a new rule that a firewall blocks is taken back, with the words that let it through', async () => {
    const { gateway, project, write } = await start('blocked');
    gateway.faults.blocked.set(443, 'Let it through with the one line.');
    write(rule('web', { external_port: 443 }), rule('dns', { external_port: 53 }));
    const text = plain(await project.fail('apply', '-auto-approve'));
    expect(text).toContain('nobody gets in: a firewall in front drops it.');
    expect(text).toContain('Let it through with the one line.');
    expect(Object.keys(await project.rules())).toEqual(['portforward_rule.dns']);
    expect(gateway.records).toHaveLength(1);
    gateway.faults.blocked.clear();
    await project.apply();
    await project.unchanged();
  });

  test('a change that is blocked stays, and every plan makes an update until it is open', async () => {
    const { gateway, project, write } = await start('change');
    write(rule('web', { external_port: 443 }));
    await project.apply();
    gateway.faults.blocked.set(444, 'The one line.');
    write(rule('web', { external_port: 444 }));
    await project.fail('apply', '-auto-approve');
    expect(await project.changed()).toEqual(['portforward_rule.web: update device']);
    await project.fail('apply', '-auto-approve');
    gateway.faults.blocked.clear();
    await project.apply();
    await project.unchanged();
  });

  test('a new rule that cannot be taken back either is recorded as tainted, and can be mended', async () => {
    const { gateway, project, write } = await start('stuck');
    gateway.faults.blocked.set(443, 'The one line.');
    gateway.faults.refuseRemovals = 'not today';
    write(rule('web', { external_port: 443 }));
    expect(plain(await project.fail('apply', '-auto-approve'))).toContain("engine's command untaint");
    expect(plain(await project.succeed('plan'))).toContain('is tainted');
    gateway.faults.blocked.clear();
    gateway.faults.refuseRemovals = null;
    await project.succeed('untaint', 'portforward_rule.web');
    expect(await project.changed()).toEqual(['portforward_rule.web: update device']);
    await project.apply();
    await project.unchanged();
  });

  test('one bad rule fails alone', async () => {
    const { gateway, project, write } = await start('one', { kind: rich });
    gateway.faults.refuse.set(443, 'this port is taken by the vendor');
    write(rule('web', { external_port: 443 }), rule('dns', { external_port: 53 }));
    expect(plain(await project.fail('apply', '-auto-approve'))).toContain('this port is taken by the vendor');
    expect(Object.keys(await project.rules())).toEqual(['portforward_rule.dns']);
  });

  test('an answer that was lost is settled by looking', async () => {
    const { gateway, project, write } = await start('lost', { kind: poor });
    gateway.faults.loseAnswers = 1;
    write(rule('web', { external_port: 443 }));
    await project.apply();
    expect(gateway.records).toHaveLength(1);
    await project.unchanged();
  });
});

/** The files in a saved plan, which is a zip (APPNOTE 4.3.12: found through the central directory). */
function unzipped(file: string): Buffer[] {
  const zip = readFileSync(file);
  const files: Buffer[] = [];
  for (let at = zip.indexOf('PK\x01\x02'); at >= 0; at = zip.indexOf('PK\x01\x02', at + 4)) {
    const [method, size, local] = [
      zip.readUInt16LE(at + 10),
      zip.readUInt32LE(at + 20),
      zip.readUInt32LE(at + 42),
    ];
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = zip.subarray(start, start + size);
    files.push(method === 0 ? content : inflateRawSync(content));
  }
  return files;
}

const CANARY = 'canary-5Jq0vT9xN2-2h8Lk4Wm7Zr1Yb6Dc3';

describeHcl('secrets', (bench) => {
  test('are in no state, no plan, no message and no log of ours, also when they are ephemeral', async () => {
    const project = await bench.project('started');
    const tokenFile = join(project.path, 'token');
    writeFileSync(tokenFile, CANARY, { mode: 0o600 });
    const home = await bench.gateway(tokenFile);
    project.env = { TF_VAR_token: CANARY, TF_LOG_PROVIDER: 'trace' };
    project.write(
      'main.tf',
      [
        'variable "token" {\n  type = string\n  ephemeral = true\n}\n',
        agentProvider(home, { token: '= var.token' }),
        rule('web', { external_port: 443 }),
      ].join(''),
    );
    const planned = await project.succeed('plan', '-out=planned');
    expect(planned).toMatch(/\[DEBUG\] +provider/);
    const applied = await project.succeed('apply', '-auto-approve');
    expect(await home.forwards()).toEqual(['tcp 443 -> 192.168.50.10:443']);
    project.env = { ...project.env, TF_VAR_token: `${CANARY}-wrong` };
    const refused = await project.fail('plan');
    expect(plain(refused)).toContain('token');
    expect(planned + applied + refused).not.toContain(CANARY);
    const kept = [
      readFileSync(join(project.path, 'terraform.tfstate')),
      ...unzipped(join(project.path, 'planned')),
    ];
    expect(kept.length).toBeGreaterThan(3);
    for (const file of kept) expect(file.includes(CANARY)).toBe(false);
  });
});
