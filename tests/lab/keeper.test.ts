import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiled } from '../../lab/namespaces/compiled';
import { describeWhere, missingForLab } from '../support/needs';

jest.setTimeout(60_000);

describeWhere(missingForLab(), 'portforward lab', () => {
  let directory: string;
  let env: NodeJS.ProcessEnv;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'portforward-keeper-'));
    env = { ...process.env, PORTFORWARD_LAB_DIRECTORY: join(directory, 'lab'), NO_COLOR: '1' };
  });
  afterEach(async () => {
    await portforward('lab', 'down');
    rmSync(directory, { recursive: true, force: true });
  });

  const main = () => compiled('provider/cli/main.js');
  /** Runs the real command to its end. */
  function portforward(...argv: string[]): Promise<{ status: number; out: string; err: string }> {
    return new Promise((resolve) => {
      execFile(process.execPath, [main(), ...argv], { env }, (error, out, err) =>
        resolve({ status: error ? Number(error.code) : 0, out, err }),
      );
    });
  }

  /** Runs the command on a terminal of its own (script(1), util-linux) and returns what the person saw. */
  async function onTerminal(words: string, typed: string, more: NodeJS.ProcessEnv): Promise<string> {
    const inner = Object.entries(more).map(([name, value]) => `${name}=${quoted(value ?? '')}`);
    const command = ['env', ...inner, quoted(process.execPath), quoted(main()), words].join(' ');
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      env: { ...env, SHELL: '/bin/sh' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.end(typed);
    let printed = '';
    for await (const chunk of child.stdout) printed += chunk;
    expect(await exitOf(child)).toBe(0);
    return printed;
  }

  test('up --detach, status, list, shell, a second up, down', async () => {
    const up = await portforward('lab', 'up', '--detach', '--firewall', 'drop');
    expect(up).toMatchObject({ status: 0, err: '' });
    const status = await portforward('lab', 'status', '--json');
    const { lab } = JSON.parse(status.out);
    expect(lab).toMatchObject({ firewall: 'drop', socket: expect.stringContaining(lab.directory) });
    env = { ...env, PORTFORWARD_SOCKET: lab.socket };
    expect(await portforward('list')).toMatchObject({
      status: 0,
      out: expect.stringContaining('forwards nothing'),
    });
    const shell = spawn(process.execPath, [main(), 'lab', 'shell', 'server'], {
      env: { ...env, SHELL: '/bin/sh' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    shell.stdin.end('ip -br address show dev eth0; echo $PORTFORWARD_SOCKET; exit 7\n');
    let printed = '';
    for await (const chunk of shell.stdout) printed += chunk;
    expect(printed).toContain('192.168.50.10/24');
    expect(printed).toContain(lab.socket);
    expect(await exitOf(shell)).toBe(7);
    expect(await portforward('lab', 'up')).toMatchObject({
      status: 1,
      err: expect.stringContaining('is up already'),
    });
    expect(await portforward('lab', 'down')).toMatchObject({ status: 0, out: 'The lab is down.\n' });
    expect(existsSync(lab.directory)).toBe(false);
    expect((await portforward('lab', 'status')).status).toBe(1);
    expect(await portforward('lab', 'down')).toMatchObject({ status: 0, out: 'No lab was up.\n' });
    expect((await portforward('lab', 'shell')).status).toBe(3);
  });

  describeWhere(missingForTerminal(), 'on a terminal', () => {
    test('a shell on a terminal: whatever the start-up files say, the prompt names the machine of the lab', async () => {
      expect(await portforward('lab', 'up', '--detach')).toMatchObject({ status: 0 });
      for (const file of ['.bashrc', '.bash_profile', '.profile'])
        writeFileSync(join(directory, file), "PS1='root@my-computer# '\n");
      const misleading = {
        HOME: directory,
        ENV: join(directory, '.profile'),
        PROMPT_COMMAND: "PS1='root@my-computer# '",
      };
      for (const shell of ['/bin/bash', '/bin/sh', '/usr/bin/some-other-shell']) {
        const printed = await onTerminal('lab shell server', 'echo $((40 + 2))\nexit\n', {
          ...misleading,
          SHELL: shell,
        });
        expect(printed).toContain('server.lab$ ');
        expect(printed).not.toContain('my-computer');
        expect(printed).toMatch(/^42\r?$/m);
        expect(printed).toMatch(/^You are on server, a machine of the lab: .*`exit` leaves\.\r?$/m);
      }
    });
  });

  test('up stays in the foreground until Ctrl-C, and kill -9 leaves nothing', async () => {
    for (const signal of ['SIGINT', 'SIGKILL'] as const) {
      const keeper = spawn(process.execPath, [main(), 'lab', 'up'], {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let out = '';
      for await (const chunk of keeper.stdout) {
        out += chunk;
        if (out.includes('Ctrl-C ends it.')) break;
      }
      const { lab } = JSON.parse((await portforward('lab', 'status', '--json')).out);
      expect(existsSync(lab.directory)).toBe(true);
      const supervisor = Number(/\/proc\/(\d+)\//.exec(lab.enter.join(' '))?.[1]);
      expect(keeper.kill(signal)).toBe(true);
      expect(await exitOf(keeper)).toBe(signal === 'SIGINT' ? 0 : null);
      if (signal === 'SIGKILL') await directoryGone(lab.directory);
      expect(existsSync(lab.directory)).toBe(false);
      expect(supervisor).toBeGreaterThan(0);
      expect((await portforward('lab', 'status')).status).toBe(1);
    }
  });
});

/** Why no shell can be watched on a terminal of its own here, or null. */
function missingForTerminal(): string | null {
  const missing = ['script', 'bash'].filter((command) => spawnSync(command, ['--version']).error);
  return missing.length > 0 ? `no ${missing.join(', ')} on this machine` : null;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

/** The last thing that the lab's first process does; nothing tells us of it. */
async function directoryGone(path: string): Promise<void> {
  while (existsSync(path)) await new Promise((resolve) => setTimeout(resolve, 10));
}
