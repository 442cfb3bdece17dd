import { describeWhere, missingForPulumi } from '../../support/needs';
import { PracticeGateway } from './gateway';
import { PulumiProject } from './pulumi';
import { PracticeRouter } from './router';

/** Makes what a suite uses; all of it is gone after the suite. */
export interface Bench {
  /** A new gateway with nothing on it. */
  gateway(tokenFile?: string): Promise<PracticeGateway>;
  /** A new program with an empty stack. */
  project(name?: string, packageJson?: object): Promise<PulumiProject>;
  /** A new OpenWrt router with what is usual on it. */
  router(): Promise<PracticeRouter>;
  /** One of the projects in examples/, copied out, with an empty stack. */
  example(name: string): Promise<PulumiProject>;
}

/**
 * A suite against the real Pulumi CLI; left out by name where there is none. A command takes seconds, so the tests of
 * one suite follow each other on one stack where they can.
 */
export function describePulumi(name: string, body: (bench: Bench) => void): void {
  describeWhere(missingForPulumi(), name, () => {
    const leftovers: (() => unknown)[] = [];
    afterAll(async () => {
      for (const clean of leftovers.splice(0).reverse()) await clean();
    });
    jest.setTimeout(300_000);
    body({
      async gateway(tokenFile) {
        const gateway = await PracticeGateway.start(tokenFile);
        leftovers.push(() => gateway.remove());
        return gateway;
      },
      async project(project, packageJson) {
        const created = await PulumiProject.create(project, packageJson);
        leftovers.push(() => created.remove());
        return created;
      },
      async router() {
        const router = await PracticeRouter.start();
        leftovers.push(() => router.remove());
        return router;
      },
      async example(name) {
        const created = await PulumiProject.example(name);
        leftovers.push(() => created.remove());
        return created;
      },
    });
  });
}

/** The source of a program: `home` is its gateway, `rule(name, args)` declares on it. */
export function program(gateway: Pick<PracticeGateway, 'socket'>, rules: string): string {
  return `
    const pulumi = require('@pulumi/pulumi');
    const { Gateway, PortForwardRule } = require('portforward');
    const home = new Gateway('home', { kind: 'agent', socket: ${JSON.stringify(gateway.socket)} });
    const rule = (name, args, opts) =>
      new PortForwardRule(name, { internalAddress: '192.168.50.10', ...args }, { gateway: home, ...opts });
    ${rules}
  `;
}

/** The first test that fails makes the rest of a story meaningless. */
export function story(): (name: string, body: () => Promise<void>) => void {
  let broken: string | null = null;
  return (name, body) =>
    test(name, async () => {
      if (broken !== null) throw new Error(`the step before failed: ${broken}`);
      broken = name;
      await body();
      broken = null;
    });
}
