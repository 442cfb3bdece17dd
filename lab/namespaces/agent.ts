import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PortforwardError } from '../../provider/rule/error';
import { compiled } from './compiled';
import type { Lab } from './lab';
import { wans } from './network';

export interface AgentOptions {
  /** WAN interfaces. Default both of the lab's. */
  readonly wans?: readonly string[];
  /** Added to `serve`'s arguments. */
  readonly arguments?: readonly string[];
  /** Runs the agent through this command, such as `setpriv … --`. Default none. */
  readonly through?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Directory of socket and state below the lab's. Default `agent`; the same again = the same agent restarted. */
  readonly name?: string;
  /** User and group id that its directories belong to. Default: who runs the lab. */
  readonly owner?: number;
}

/** The real agent, running on the lab's gateway. */
export class LabAgent {
  private complaint = '';

  private constructor(
    readonly lab: Lab,
    /** Its Unix socket, on the common file system. */
    readonly socket: string,
    readonly stateDirectory: string,
    readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.complaint = (this.complaint + chunk.toString()).slice(-8000);
      });
    }
  }

  /** What it wrote, the last 8 kB. */
  get log(): string {
    return this.complaint;
  }

  static async start(lab: Lab, options: AgentOptions = {}): Promise<LabAgent> {
    const base = join(lab.directory, options.name ?? 'agent');
    const [stateDirectory, runtimeDirectory] = [join(base, 'state'), join(base, 'run')];
    for (const directory of [base, stateDirectory, runtimeDirectory]) {
      mkdirSync(directory, { mode: 0o700, recursive: true });
      if (options.owner !== undefined) chownSync(directory, options.owner, options.owner);
    }
    // That user must get through to its own directories; all that lies there stays closed.
    if (options.owner !== undefined) chmodSync(lab.directory, 0o711);
    const socket = join(base, 'agent.sock');
    const argv = [
      ...(options.through ?? []),
      process.execPath,
      compiled('agent/main.js'),
      'serve',
      ...['--socket', socket, '--state-dir', stateDirectory, '--runtime-dir', runtimeDirectory],
      ...(options.wans ?? wans).flatMap((wan) => ['--wan', wan]),
      ...(options.arguments ?? []),
    ];
    const child = lab.spawn('gateway', argv, options.env === undefined ? {} : { env: options.env });
    const agent = new LabAgent(lab, socket, stateDirectory, child);
    await agent.ready();
    return agent;
  }

  /** Ends it and waits. SIGTERM lets it finish; SIGKILL does not. The forwards stay in the kernel. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const closed = once(this.child, 'close');
    this.lab.endProcess(this.child, signal);
    await closed;
  }

  private async ready(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.child.stdout?.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes('is listening')) resolve();
      });
      this.child.once('close', (code) =>
        reject(new PortforwardError('internal', `The agent ended with status ${code}: ${this.log.trim()}`)),
      );
    });
  }
}
