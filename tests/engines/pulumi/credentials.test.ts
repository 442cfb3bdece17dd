import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PracticeGateway } from '../support/gateway';
import type { PulumiProject } from '../support/pulumi';
import { describePulumi, story } from '../support/suite';

/** Credentials that must appear nowhere, and that change while rules stand. */
describePulumi('pulumi: credentials', (bench) => {
  const step = story();
  const tokens = [1, 2, 3].map((n) => `canary${n}${randomBytes(16).toString('hex')}`) as [
    string,
    string,
    string,
  ];
  const seen: string[] = [];
  let home: PracticeGateway;
  let pulumi: PulumiProject;
  let file: string;

  function program(token: string): string {
    return `
      const pulumi = require('@pulumi/pulumi');
      const { Gateway, PortForwardRule } = require('portforward');
      const home = new Gateway('home', { kind: 'agent', socket: ${JSON.stringify(home.socket)}, ${token} });
      const args = { externalPort: 443, internalAddress: '192.168.50.10' };
      module.exports = { web: new PortForwardRule('web', args, { gateway: home }), home };
    `;
  }

  async function rotate(token: string): Promise<void> {
    writeFileSync(file, `${token}\n`, { mode: 0o600 });
    await home.stop();
    await home.restart();
  }

  beforeAll(async () => {
    pulumi = await bench.project();
    file = join(pulumi.directory.path, '.token');
    writeFileSync(file, `${tokens[0]}\n`, { mode: 0o600 });
    home = await bench.gateway(file);
  });

  step('a token in the program is kept encrypted, and shown nowhere', async () => {
    pulumi.write(program('token: process.env.GIVEN'));
    pulumi.env = { ...pulumi.env, GIVEN: tokens[0] };
    seen.push((await pulumi.preview()).output, await pulumi.up(), await pulumi.exported());
    expect(await home.forwards()).toEqual(['tcp 443 -> 192.168.50.10:443']);
  });

  step(
    'after a rotation preview and refresh work with --run-program, and the rules are unchanged',
    async () => {
      await rotate(tokens[1]);
      pulumi.env = { ...pulumi.env, GIVEN: tokens[1] };
      const preview = await pulumi.preview('--refresh', '--run-program');
      seen.push(preview.output, await pulumi.refresh());
      expect(preview).toMatchObject({ code: 0 });
      expect(preview.output).not.toContain('PortForwardRule: (update)');
    },
  );

  step('a token from the environment is read by the provider process and is no input', async () => {
    await rotate(tokens[2]);
    pulumi.env = { ...pulumi.env, GIVEN: '', BOX_TOKEN: tokens[2] };
    pulumi.write(program(`tokenEnv: 'BOX_TOKEN'`));
    seen.push(await pulumi.up(), await pulumi.exported());
    expect(seen.at(-1)).toContain('BOX_TOKEN');
  });

  step('a refused token fails without showing it, and nothing changes', async () => {
    pulumi.env = { ...pulumi.env, BOX_TOKEN: 'canary-wrong'.padEnd(40, '0') };
    const failed = await pulumi.run('refresh', '--yes', '--skip-preview', '--run-program');
    seen.push(failed.output);
    expect(failed.code).not.toBe(0);
    expect(failed.output).toMatch(/token/i);
    expect((await pulumi.rules()).map(({ id }) => id)).toEqual(['shop/dev/web']);
  });

  step('destroy works after one more rotation, with --run-program', async () => {
    pulumi.env = { ...pulumi.env, GIVEN: tokens[2], BOX_TOKEN: '' };
    pulumi.write(program('token: process.env.GIVEN'));
    seen.push(await pulumi.up());
    await rotate(tokens[0]);
    pulumi.env = { ...pulumi.env, GIVEN: tokens[0] };
    seen.push(await pulumi.destroy());
    expect(await home.forwards()).toEqual([]);
    expect(seen.filter((text) => text.includes('canary'))).toEqual([]);
  });
});
