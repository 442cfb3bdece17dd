import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { memoryKernel } from '../../../agent/kernel/memory';
import { agentKind } from '../../../provider/backends/agent/kind';
import type { Backend } from '../../../provider/backends/backend';
import { cleanUp, Practice, signal, temporary, wanted } from '../support/practice';

const root = join(__dirname, '..', '..', '..');
const started: ChildProcess[] = [];
const backends: Backend[] = [];

jest.setTimeout(60_000);

let directory: string;
let socket: string;
let places: string[];

beforeEach(() => {
  directory = temporary();
  socket = join(directory, 'agent.sock');
  places = ['--state-dir', join(directory, 'state'), '--kernel', 'memory'];
});

afterEach(async () => {
  await Promise.all(backends.splice(0).map((backend) => backend.close()));
  await Promise.all(started.splice(0).map((child) => ended(child, 'SIGKILL')));
  await cleanUp();
});

function launch(argv: readonly string[], env: Record<string, string> = {}): ChildProcess {
  const child = spawn(
    process.execPath,
    ['--require', join(root, 'tests/agent/support/typescript.js'), join(root, 'agent/main.ts'), ...argv],
    { cwd: root, env: { ...process.env, PORTFORWARD_SOCKET: '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  started.push(child);
  return child;
}

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(argv: readonly string[], env: Record<string, string> = {}): Promise<Result> {
  const child = launch(argv, env);
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

/** `serve`, once it says that it is listening. */
function serve(...more: string[]): Promise<ChildProcess> {
  const child = launch(['serve', '--socket', socket, ...places, ...more]);
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('listening')) resolve(child);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    child.on('close', (code) => reject(new Error(`ended with ${code}: ${text}`)));
  });
}

function ended(child: ChildProcess, kill: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.on('exit', (code) => resolve(code));
    child.kill(kill);
  });
}

function connect(): Backend {
  const backend = agentKind.connect(agentKind.parse({ socket }, {}));
  backends.push(backend);
  return backend;
}

async function addRule(name: string, externalPort: number): Promise<void> {
  const backend = connect();
  const { generation } = await backend.list([], signal);
  await backend.apply([{ op: 'add', wanted: wanted({ name, externalPort }) }], { generation, signal });
}

test.each([[], ['serve'], ['restore'], ['status'], ['check']])(
  '%s --help says what it does and how it ends',
  async (...command) => {
    const { code, stdout } = await run([...command, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('Usage: portforward-agent');
    expect(stdout).toContain('Exit status:');
  },
);

test.each([
  [['bogus'], /unknown command/],
  [['serve', '--max-rules', 'many'], /A number from 1/],
  [['serve', '--mark-bit', '3'], /One bit/],
  [['serve', '--wan', 'eth0;drop'], /not the name of an interface/],
  [['serve', '--management-ports', '80abc'], /80abc/],
  [['status', '--nonsense'], /unknown option/],
  [['status', '--socket', 'agent.sock'], /"agent.sock" is not an absolute path. Write it from the root/],
  [['serve', '--socket', './agent.sock'], /not an absolute path/],
])('%j is a wrong command line: exit 2, and says what is right', async (argv, words) => {
  const { code, stderr } = await run(argv);
  expect(code).toBe(2);
  expect(stderr).toMatch(words);
});

test('serve listens, status tells, SIGTERM ends it cleanly', async () => {
  const agent = await serve('--management-ports', '22,8443', '--max-rules', '7');
  await addRule('web', 443);
  const human = await run(['status', '--socket', socket]);
  expect(human).toMatchObject({ code: 0, stderr: '' });
  expect(human.stdout).toContain('practice only');
  expect(human.stdout).toContain('1 wanted');
  expect(human.stdout).not.toContain('\u001b');
  const { code, stdout } = await run(['status', '--json'], { PORTFORWARD_SOCKET: socket });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    state: 'ok',
    limits: { rules: 7 },
    management: [{ port: 22 }, { port: 8443 }],
  });
  expect(await ended(agent, 'SIGTERM')).toBe(0);
  expect(existsSync(socket)).toBe(false);
});

test('serve after kill -9 is the same gateway with the same rules', async () => {
  const first = await serve();
  const { device } = await connect().open(signal);
  await addRule('web', 443);
  await ended(first, 'SIGKILL');
  expect(existsSync(socket)).toBe(true);
  await serve();
  expect((await connect().open(signal)).device).toBe(device);
  expect((await connect().list([], signal)).entries).toHaveLength(1);
});

test('a second serve is refused with the next step, and the first goes on', async () => {
  await serve();
  const second = await run(['serve', '--socket', socket, ...places]);
  expect(second.code).toBe(1);
  expect(second.stderr).toContain('Another portforward-agent uses the state directory');
  expect((await connect().open(signal)).problems).toEqual([]);
});

test('status without an agent says how to start it', async () => {
  const { code, stderr } = await run(['status', '--socket', socket]);
  expect(code).toBe(1);
  expect(stderr).toContain(`No agent is running at ${socket}`);
  expect(stderr).toContain('systemctl start portforward-agent');
});

test('a damaged state is told by all, and an older generation comes back by one command', async () => {
  const first = await serve();
  await addRule('web', 443);
  await addRule('mail', 25);
  await ended(first, 'SIGTERM');
  const file = join(directory, 'state', 'state.json');
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, 50));

  const damaged = await serve();
  const status = await run(['status', '--socket', socket]);
  expect(status.code).toBe(3);
  expect(status.stdout).toMatch(/kept +generation 1 /);
  expect(status.stdout).toContain('restore --generation');
  await ended(damaged, 'SIGTERM');

  const boot = await run(['restore', ...places]);
  expect(boot.code).toBe(3);
  expect(boot.stderr).toContain('cannot be trusted');
  const back = await run(['restore', ...places, '--generation', '1']);
  expect(back).toMatchObject({ code: 0, stderr: '' });
  expect(back.stdout).toContain('generation 1 is current again');
  expect((await run(['restore', ...places, '--generation', '77'])).stderr).toContain('Usable are');
  await serve();
  expect((await connect().list([], signal)).entries).toMatchObject([{ id: 'lab/dev/web' }]);
});

test('serve with a bad token file refuses to start', async () => {
  const result = await run(['serve', '--socket', socket, ...places, '--token-file', join(directory, 'none')]);
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('cannot be read (ENOENT)');
  expect(existsSync(socket)).toBe(false);
});

test('check tells the facts, as words and as JSON', async () => {
  const human = await run(['check', '--kernel', 'memory', '--socket', socket]);
  expect(human.code).toBe(0);
  expect(human.stdout).toContain('meta mark and 0x10000000 == 0x10000000 accept');
  expect(human.stdout).toContain('No agent is running');
  expect(human.stdout).toContain('portforward-restore.service');
  const { stdout } = await run(['check', '--kernel', 'memory', '--socket', socket, '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ agent: { running: false }, facts: { lans: expect.any(Array) } });
});

test('the help of --wan tells one default', async () => {
  const [serving, checking] = await Promise.all([run(['serve', '--help']), run(['check', '--help'])]);
  const words = (text: string) => text.replace(/\s+/g, ' ');
  expect(words(serving.stdout)).toContain(
    'WAN interface; repeat for several (default: those of the default routes)',
  );
  expect(words(checking.stdout)).toContain(
    "(default: the running agent's, else those of the default routes)",
  );
});

describe('check beside a running agent', () => {
  let practice: Practice;
  beforeEach(async () => {
    const wans = ['wan0', 'wan1'].map((name, index) => ({ name, addresses: [`198.51.100.${index + 1}`] }));
    practice = new Practice(memoryKernel({ wans, lans: ['192.168.77.0/24'] }));
    await practice.start({ managementPorts: [22, 8443] });
  });
  afterEach(() => practice.stop());

  const check = (...more: string[]) =>
    run(['check', '--kernel', 'memory', '--socket', practice.socket, ...more]);

  test('tells the WANs and LANs that the agent was started with', async () => {
    const { code, stdout } = await check();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^WAN +wan1: 198\.51\.100\.2, as the running agent sees it$/m);
    expect(stdout).toMatch(/^LANs +192\.168\.77\.0\/24, as the running agent sees it$/m);
    expect(stdout).toMatch(/^management +22, 8443 /m);
    expect(JSON.parse((await check('--json')).stdout)).toMatchObject({
      networkFrom: 'running agent',
      facts: { wans: [{ name: 'wan0' }, { name: 'wan1' }], lans: ['192.168.77.0/24'] },
    });
  });

  test('says where the agent differs from the --wan given', async () => {
    const { code, stdout } = await check('--wan', 'eth9');
    expect(code).toBe(3);
    expect(stdout).toContain('has other WANs (wan0, wan1) than the --wan given here (eth9)');
    expect(stdout).not.toContain('as the running agent sees it');
    expect(await check('--wan', 'wan1', '--wan', 'wan0')).toMatchObject({ code: 0 });
  });
});
