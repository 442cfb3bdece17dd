import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { TRIAL_SECONDS } from '../../../../lab/simulators/memory/client';
import type {
  ApplyOptions,
  Backend,
  Change,
  ChangeResult,
  GatewayInfo,
  Table,
  Trials,
} from '../../../../provider/backends/backend';
import { type ErrorCode, PortforwardError } from '../../../../provider/rule/error';
import { type Answer, type Complaint, hear, type Method, send } from './frames';

/** Speaks with a gateway that another process serves. */
export class ServedBackend implements Backend {
  readonly trials?: Trials;
  private line: Socket | null = null;
  private asked = 0;
  private readonly waiting = new Map<number, (answer: Answer) => void>();

  constructor(
    private readonly path: string,
    trials: boolean,
  ) {
    if (trials)
      this.trials = {
        seconds: TRIAL_SECONDS,
        confirm: (signal) => this.ask('confirm', [], signal),
        rollback: (signal) => this.ask('rollback', [], signal),
      };
  }

  open(signal: AbortSignal): Promise<GatewayInfo> {
    return this.ask('open', [], signal);
  }

  list(recorded: readonly string[], signal: AbortSignal): Promise<Table> {
    return this.ask('list', [recorded], signal);
  }

  apply(changes: readonly Change[], { signal, ...options }: ApplyOptions): Promise<readonly ChangeResult[]> {
    return this.ask('apply', [changes, options], signal);
  }

  async close(): Promise<void> {
    const { line } = this;
    this.line = null;
    if (!line || line.destroyed) return;
    const closed = once(line, 'close');
    line.end();
    await closed;
  }

  private async ask<T>(method: Method, args: readonly unknown[], signal: AbortSignal): Promise<T> {
    const line = await this.connected();
    this.asked += 1;
    const id = this.asked;
    const give = (): void => send(line, { id, method: null, args: [] });
    const answer = await new Promise<Answer>((resolve) => {
      this.waiting.set(id, resolve);
      send(line, { id, method, args });
      signal.addEventListener('abort', give);
    });
    signal.removeEventListener('abort', give);
    if (answer.error) throw thrown(answer.error);
    return answer.value as T;
  }

  private async connected(): Promise<Socket> {
    if (this.line) return this.line;
    const line = connect(this.path);
    this.line = line;
    hear<Answer>(line, (answer) => {
      this.waiting.get(answer.id)?.(answer);
      this.waiting.delete(answer.id);
    });
    line.on('error', () => undefined);
    line.once('close', () => {
      for (const [id, resolve] of this.waiting) resolve({ id, error: GONE });
      this.waiting.clear();
    });
    await once(line, 'connect');
    return line;
  }
}

const GONE: Complaint = { code: 'timeout', summary: 'The gateway went away.', retryable: true };

function thrown({ code, summary, hint, property, retryable }: Complaint): Error {
  if (code === undefined) return new Error(summary);
  return new PortforwardError(code as ErrorCode, summary, {
    ...(hint === undefined ? {} : { hint }),
    ...(property === undefined ? {} : { property }),
    ...(retryable === undefined ? {} : { retryable }),
  });
}
