import type { BackendKind } from '../../../provider/backends/kind';
import { describeWhere, HCL_ENGINES, type HclEngine, missingForEngine } from '../../support/needs';
import { AttachedProvider } from './attached-provider';
import { PracticeGateway } from './gateway';
import { TerraformProject } from './terraform';

/** Makes what a suite uses; all of it is gone after the suite. */
export interface HclBench {
  readonly engine: HclEngine;
  /** A new practice agent with nothing on it. */
  gateway(tokenFile?: string): Promise<PracticeGateway>;
  /** A new project with an empty state; its provider is the one of `provide`, or with `started` a process per command. */
  project(how?: 'attached' | 'started'): Promise<TerraformProject>;
  /** Lets projects from now on use a provider that also knows these kinds, with this environment. */
  provide(kinds?: readonly BackendKind[], env?: Readonly<Record<string, string>>): Promise<void>;
  /** Is called after the suite. */
  later(clean: () => unknown): void;
}

/** A suite against every engine that reads HCL and is on this machine; the others are left out by name. */
export function describeHcl(name: string, body: (bench: HclBench) => void): void {
  for (const engine of HCL_ENGINES) {
    describeWhere(missingForEngine(engine), `${engine}: ${name}`, () => {
      const leftovers: (() => unknown)[] = [];
      let attached: AttachedProvider | null = null;
      const later = (clean: () => unknown): void => {
        leftovers.push(clean);
      };
      afterAll(async () => {
        for (const clean of leftovers.splice(0).reverse()) await clean();
        attached = null;
      });
      const provide: HclBench['provide'] = async (kinds, env) => {
        const started = await AttachedProvider.start(kinds, env);
        attached = started;
        later(() => started.stop());
      };
      body({
        engine,
        later,
        provide,
        async gateway(tokenFile) {
          const gateway = await PracticeGateway.start(tokenFile);
          later(() => gateway.remove());
          return gateway;
        },
        async project(how = 'attached') {
          if (how === 'attached' && attached === null) await provide();
          const project = new TerraformProject(
            engine,
            how === 'attached' && attached ? { env: attached.env } : {},
          );
          later(() => project.remove());
          return project;
        },
      });
    });
  }
}

/** Arguments of a block as HCL writes them: text is quoted, what begins with `=` stands as it is. */
export type Arguments = Readonly<Record<string, unknown>>;

/** The provider block of a practice agent. */
export function agentProvider({ socket }: PracticeGateway, more: Arguments = {}): string {
  return provider({ kind: 'agent', socket, name: 'home', owner: 'home/net', ...more });
}

export function provider(args: Arguments): string {
  return block('provider "portforward"', args);
}

/** A rule under its own name, to a host of the practice network unless it says otherwise. */
export function rule(name: string, args: Arguments, label = name): string {
  return block(`resource "portforward_rule" "${label}"`, {
    name,
    internal_address: '192.168.50.10',
    ...args,
  });
}

export function block(head: string, args: Arguments): string {
  const lines = Object.entries(args)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `  ${name} = ${hcl(value)}\n`);
  return `${head} {\n${lines.join('')}}\n`;
}

function hcl(value: unknown): string {
  return typeof value === 'string' && value.startsWith('=') ? value.slice(1).trim() : JSON.stringify(value);
}
