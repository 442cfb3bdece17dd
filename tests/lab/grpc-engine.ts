import type { Engine, EngineRun, ExtraRule } from '../../lab/tour/engine';
import { conflicts } from '../../provider/rule/conflicts';
import { normalise } from '../../provider/rule/normalise';
import { DynamicProcess, type Props } from '../engines/support/dynamic-process';
import { ProgramDirectory } from '../engines/support/package';
import { web } from './whole';

/** One run of the engine: its provider process, and what it prints. */
interface Turn {
  readonly provider: DynamicProcess;
  say(line: string): void;
}

/**
 * Pulumi's own provider process in the place of a CLI: the same calls in the same order as its engine makes them, one
 * process for each run, for the one rule of the quickstart and the one that the story adds.
 */
export class GrpcEngine implements Engine {
  readonly title = "Pulumi's provider process over gRPC";
  private readonly directory = new ProgramDirectory();
  private extra: ExtraRule | null = null;
  private state: { id: string; outs: Props; inputs: Props } | null = null;

  constructor(private readonly socket: string) {}

  async stop(): Promise<void> {
    this.directory.remove();
  }

  async declare(extra: ExtraRule): Promise<string> {
    this.extra = extra;
    return `rule ${extra.name}`;
  }

  async withdraw(): Promise<void> {
    this.extra = null;
  }

  preview(): Promise<EngineRun> {
    return this.run('check, diff', async (turn) => {
      // The program's own gate, which stands before the provider.
      const rules = [web, ...(this.extra ? [this.extra] : [])].map((inputs) => normalise(inputs));
      for (const { a, b, reason } of conflicts(rules))
        throw new Error(`rules "${a}" and "${b}" conflict: ${reason}`);
      const inputs = await this.checked(turn);
      if (this.state === null) turn.say(`+ create ${web.name}`);
      else turn.say((await turn.provider.diff(this.state.id, this.state.outs, inputs)).changes ?? '');
    });
  }

  up(options: { readonly refresh?: boolean } = {}): Promise<EngineRun> {
    return this.run('check, diff, create or update', async (turn) => {
      if (options.refresh && this.state) {
        const live = await turn.provider.read(this.state.id, this.state.outs);
        this.state = live.id === '' ? null : live;
      }
      const inputs = await this.checked(turn);
      if (this.state === null) {
        this.state = { ...(await turn.provider.create(inputs)), inputs };
        turn.say(`created ${this.state.id}`);
        return;
      }
      const { id, outs } = this.state;
      const { changes } = await turn.provider.diff(id, outs, inputs);
      turn.say(`diff: ${changes}`);
      if (changes !== 'none') this.state = { id, outs: await turn.provider.update(id, outs, inputs), inputs };
    });
  }

  drift(): Promise<EngineRun> {
    return this.run('read', async ({ provider, say }) => {
      if (this.state === null) return;
      const live = await provider.read(this.state.id, this.state.outs);
      for (const [name, value] of Object.entries(live.inputs)) {
        const wanted = (web as unknown as Props)[name];
        if (wanted === undefined || JSON.stringify(wanted) === JSON.stringify(value)) continue;
        say(`~ ${name}: ${JSON.stringify(value)} => ${JSON.stringify(wanted)}`);
      }
    });
  }

  destroy(): Promise<EngineRun> {
    return this.run('delete', async ({ provider }) => {
      if (this.state) await provider.delete(this.state.id, this.state.outs);
      this.state = null;
    });
  }

  private async checked({ provider, say }: Turn): Promise<Props> {
    const { inputs, failures } = await provider.check(this.state?.inputs ?? {}, web as unknown as Props);
    for (const [property, reason] of Object.entries(failures)) say(`${web.name}: ${property}: ${reason}`);
    if (Object.keys(failures).length > 0) throw new Error(`${web.name} was refused`);
    return inputs;
  }

  private async run(command: string, work: (turn: Turn) => Promise<void>): Promise<EngineRun> {
    const lines: string[] = [];
    const config = { kind: 'agent', socket: this.socket, owner: 'lab/tour', name: 'home' };
    const named = Object.entries(config).map(([key, value]) => [`portforward:${key}`, value]);
    const provider = await DynamicProcess.start(this.directory.path, Object.fromEntries(named));
    try {
      await work({ provider, say: (line) => lines.push(line) });
      return { command, code: 0, output: lines.join('\n') };
    } catch (error) {
      return { command, code: 1, output: [...lines, (error as Error).message].join('\n') };
    } finally {
      await provider.stop();
    }
  }
}
