import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MemoryKernel, memoryKernel } from '../../../agent/kernel/memory';
import { startAgent } from '../../../agent/start';
import { findKind } from '../../../provider/backends/registry';
import { run } from '../../../provider/cli/program';
import type { RuleInputs } from '../../../provider/rule/rule';
import { Session } from '../../../provider/session/session';

/** A running agent over a table in memory, and the command line to look at it. */
export interface Practice {
  readonly socket: string;
  readonly kernel: MemoryKernel;
  declare(owner: string, inputs: RuleInputs): Promise<void>;
  /** Runs one command line against this agent. */
  cli(...argv: string[]): Promise<{ status: number; out: string; err: string }>;
  stop(): Promise<void>;
}

export async function startPractice(): Promise<Practice> {
  const directory = mkdtempSync(join(tmpdir(), 'portforward-cli-'));
  const kernel = memoryKernel();
  const socket = join(directory, 'agent.sock');
  const agent = await startAgent({ kernel, socket, stateDir: join(directory, 'state') });
  return {
    socket,
    kernel,
    async declare(owner, inputs) {
      const kind = findKind('agent');
      if (!kind) throw new Error('no kind agent');
      const config = kind.parse({ socket }, {});
      const session = new Session(kind.connect(config), {
        owner,
        gatewayName: 'home',
        endpoint: kind.endpoint(config),
      });
      await session.create(inputs);
      await session.close();
    },
    cli: (...argv) => cli(argv, { PORTFORWARD_SOCKET: socket }),
    async stop() {
      await agent.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Runs one command line and returns what it wrote. */
export async function cli(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ status: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const status = await run(argv, {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    colour: false,
    env,
  });
  return { status, out: out.join('\n'), err: err.join('\n') };
}
