import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packageRoot } from '../../lab/namespaces/compiled';
import type { Lab } from '../../lab/namespaces/lab';
import type { Host } from '../../lab/namespaces/network';
import type { Entry, GatewayInfo } from '../../provider/backends/backend';
import { type ErrorCode, PortforwardError } from '../../provider/rule/error';
import type { RuleInputs } from '../../provider/rule/rule';
import type { SessionOptions } from '../../provider/session/options';
import type { RuleState } from '../../provider/session/state';

export interface LanSettings {
  /** Which kind of gateway, and its arguments. */
  readonly kind: string;
  readonly gateway: Readonly<Record<string, unknown>>;
  readonly owner: string;
  readonly options: Pick<SessionOptions, 'unreachable' | 'timeout' | 'renewBefore'>;
}

export type LanCall =
  | { readonly call: 'create'; readonly args: readonly [RuleInputs] }
  | { readonly call: 'read' | 'delete'; readonly args: readonly [RuleState] }
  | { readonly call: 'update'; readonly args: readonly [RuleState, RuleInputs] }
  | { readonly call: 'list' | 'info' | 'warnings' | 'fresh'; readonly args: readonly [] };

interface Answer {
  readonly result?: unknown;
  readonly error?: {
    readonly code?: ErrorCode;
    readonly message: string;
    readonly hint?: string;
    readonly property?: string;
  };
}

/** One session in a process of its own on a host of the LAN, where the gateway sees that host's address. */
export class LanSession {
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private count = 0;

  private constructor(private readonly child: ChildProcess) {
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const { id, ...answer } = JSON.parse(line) as Answer & { id: number };
      this.waiting.get(id)?.(answer);
      this.waiting.delete(id);
    });
    child.once('close', () => {
      for (const settle of this.waiting.values()) settle({ error: { message: 'the session ended' } });
    });
  }

  static start(lab: Lab, host: Host, settings: Partial<LanSettings> & Pick<LanSettings, 'kind'>): LanSession {
    const whole: LanSettings = { gateway: {}, owner: 'home/lab', options: {}, ...settings };
    const directory = join(packageRoot(), 'tests', 'lab');
    const child = lab.spawn(
      host,
      [
        process.execPath,
        ...['-r', join(directory, 'kernel', 'source.js'), join(directory, 'lan-session-driver.ts')],
        JSON.stringify(whole),
      ],
      { stdio: ['pipe', 'pipe', 'inherit'], cwd: packageRoot() },
    );
    return new LanSession(child);
  }

  create(inputs: RuleInputs): Promise<RuleState> {
    return this.ask({ call: 'create', args: [inputs] }) as Promise<RuleState>;
  }

  read(state: RuleState): Promise<RuleState | null> {
    return this.ask({ call: 'read', args: [state] }) as Promise<RuleState | null>;
  }

  update(state: RuleState, inputs: RuleInputs): Promise<RuleState> {
    return this.ask({ call: 'update', args: [state, inputs] }) as Promise<RuleState>;
  }

  async delete(state: RuleState): Promise<void> {
    await this.ask({ call: 'delete', args: [state] });
  }

  list(): Promise<readonly Entry[]> {
    return this.ask({ call: 'list', args: [] }) as Promise<readonly Entry[]>;
  }

  info(): Promise<Pick<GatewayInfo, 'product' | 'device' | 'wans' | 'lans' | 'problems'>> {
    return this.ask({ call: 'info', args: [] }) as ReturnType<LanSession['info']>;
  }

  /** The warnings since the last time that this was asked. */
  warnings(): Promise<readonly string[]> {
    return this.ask({ call: 'warnings', args: [] }) as Promise<readonly string[]>;
  }

  /** From now on it remembers nothing, as another run. */
  async fresh(): Promise<void> {
    await this.ask({ call: 'fresh', args: [] });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const closed = once(this.child, 'close');
    this.child.stdin?.end();
    await closed;
  }

  private async ask(call: LanCall): Promise<unknown> {
    const id = ++this.count;
    const { result, error } = await new Promise<Answer>((resolve) => {
      this.waiting.set(id, resolve);
      this.child.stdin?.write(`${JSON.stringify({ id, ...call })}\n`);
    });
    if (!error) return result;
    const { code = 'internal', message, ...more } = error;
    throw new PortforwardError(code, message, more);
  }
}
