import type { Engine, EngineRun, ExtraRule } from '../../lab/tour/engine';
import { type CallError, DynamicProcess, type Props } from '../engines/support/dynamic-process';
import { ProgramDirectory } from '../engines/support/package';
import { web } from './whole';

/**
 * Pulumi's own provider process in the place of a CLI: the same calls in the same order as its engine makes them, for
 * the one rule of the quickstart and the one that the story adds.
 */
export class GrpcEngine implements Engine {
  readonly title = "Pulumi's provider process over gRPC";
  private extra: Props | null = null;
  private state: { id: string; outs: Props; inputs: Props } | null = null;

  private constructor(
    private readonly provider: DynamicProcess,
    private readonly directory: ProgramDirectory,
  ) {}

  static async start(socket: string): Promise<GrpcEngine> {
    const directory = new ProgramDirectory();
    const config = { kind: 'agent', socket, owner: 'lab/tour', name: 'home' };
    const named = Object.entries(config).map(([key, value]) => [`portforward:${key}`, value]);
    return new GrpcEngine(await DynamicProcess.start(directory.path, Object.fromEntries(named)), directory);
  }

  async stop(): Promise<void> {
    await this.provider.stop();
    this.directory.remove();
  }

  async declare(extra: ExtraRule | null): Promise<void> {
    this.extra = extra && { ...extra };
  }

  preview(): Promise<EngineRun> {
    return this.run('check, diff', async (say) => {
      const inputs = await this.checked(web as unknown as Props, this.state?.inputs ?? {}, say);
      if (this.state === null) say(`+ create ${web.name}`);
      else say((await this.provider.diff(this.state.id, this.state.outs, inputs)).changes ?? '');
      if (this.extra) await this.checked(this.extra, {}, say);
    });
  }

  up(options: { readonly refresh?: boolean } = {}): Promise<EngineRun> {
    return this.run('check, diff, create or update', async (say) => {
      if (options.refresh) await this.refresh();
      const inputs = await this.checked(web as unknown as Props, this.state?.inputs ?? {}, say);
      if (this.state === null) {
        this.state = { ...(await this.provider.create(inputs)), inputs };
        say(`created ${this.state.id}`);
        return;
      }
      const { id, outs } = this.state;
      const { changes } = await this.provider.diff(id, outs, inputs);
      say(`diff: ${changes}`);
      if (changes !== 'none') this.state = { id, outs: await this.provider.update(id, outs, inputs), inputs };
    });
  }

  drift(): Promise<EngineRun> {
    return this.run('read, diff', async (say) => {
      if (this.state === null) return;
      const live = await this.provider.read(this.state.id, this.state.outs);
      for (const [name, value] of Object.entries(live.inputs)) {
        const wanted = (web as unknown as Props)[name];
        if (wanted === undefined || JSON.stringify(wanted) === JSON.stringify(value)) continue;
        say(`~ ${name}: ${JSON.stringify(value)} => ${JSON.stringify(wanted)}`);
      }
    });
  }

  destroy(): Promise<EngineRun> {
    return this.run('delete', async () => {
      if (this.state) await this.provider.delete(this.state.id, this.state.outs);
      this.state = null;
    });
  }

  private async refresh(): Promise<void> {
    if (this.state === null) return;
    const live = await this.provider.read(this.state.id, this.state.outs);
    this.state = live.id === '' ? null : live;
  }

  private async checked(news: Props, olds: Props, say: (line: string) => void): Promise<Props> {
    const { inputs, failures } = await this.provider.check(olds, news);
    for (const [property, reason] of Object.entries(failures)) say(`${news.name}: ${property}: ${reason}`);
    if (Object.keys(failures).length > 0) throw new Error(`${news.name} was refused`);
    return inputs;
  }

  private async run(
    command: string,
    work: (say: (line: string) => void) => Promise<void>,
  ): Promise<EngineRun> {
    const lines: string[] = [];
    try {
      await work((line) => lines.push(line));
      return { command, code: 0, output: lines.join('\n') };
    } catch (error) {
      return { command, code: 1, output: [...lines, (error as CallError).message].join('\n') };
    }
  }
}
