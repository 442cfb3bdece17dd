import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { PracticeGateway } from '../support/gateway';
import { packageRoot, repositoryRoot } from '../support/package';
import type { PulumiProject } from '../support/pulumi';
import { describePulumi } from '../support/suite';

/** Every way in which programs are written and laid out. */
describePulumi('pulumi: languages and layouts', (bench) => {
  let home: PracticeGateway;
  beforeAll(async () => {
    home = await bench.gateway();
  });

  const body = (port: number) => `
    const home = new Gateway('home', { kind: 'agent', socket: ${JSON.stringify(home.socket)} });
    new PortForwardRule('web', { externalPort: ${port}, internalAddress: '192.168.50.10' }, { gateway: home });
  `;

  async function works(pulumi: PulumiProject, port: number): Promise<void> {
    await pulumi.up();
    expect(await home.forwards()).toContain(`tcp ${port} -> 192.168.50.10:${port}`);
  }

  test('TypeScript, compiled by Pulumi itself', async () => {
    const pulumi = await bench.project('typescript', { main: 'index.ts' });
    pulumi.directory.install('typescript', join(repositoryRoot, 'node_modules', 'typescript'));
    pulumi.directory.install('ts-node', join(repositoryRoot, 'node_modules', 'ts-node'));
    pulumi.directory.install('@types/node', join(repositoryRoot, 'node_modules', '@types', 'node'));
    pulumi.write(`import { Gateway, PortForwardRule } from 'portforward';\n${body(1001)}`, 'index.ts');
    pulumi.write(
      JSON.stringify({
        compilerOptions: {
          strict: true,
          target: 'es2022',
          module: 'node16',
          moduleResolution: 'node16',
          types: ['node'],
        },
      }),
      'tsconfig.json',
    );
    await works(pulumi, 1001);
  });

  test('ES modules', async () => {
    const pulumi = await bench.project('esm', { type: 'module', main: 'index.js' });
    pulumi.write(`import { Gateway, PortForwardRule } from 'portforward';\n${body(1002)}`);
    await works(pulumi, 1002);
  });

  test('a workspace: the package is installed above the program', async () => {
    const pulumi = await bench.project('workspace', { workspaces: ['infra'] });
    pulumi.write('name: workspace\nruntime: nodejs\nmain: infra/index.js\n', 'Pulumi.yaml');
    pulumi.write(JSON.stringify({ name: 'infra', main: 'index.js' }), 'infra/package.json');
    pulumi.write(
      `const { Gateway, PortForwardRule } = require('portforward');\n${body(1003)}`,
      'infra/index.js',
    );
    await works(pulumi, 1003);
  });

  test('pnpm, where only a component library depends on us: the program is told what to do', async () => {
    const pulumi = await bench.project('pnpm', { main: 'index.js' });
    pulumi.directory.uninstall('portforward');
    pulumi.write(
      JSON.stringify({ name: 'shop-component', main: 'index.js' }),
      'store/shop-component/package.json',
    );
    pulumi.write(
      `const { Gateway, PortForwardRule } = require('portforward');\nmodule.exports = () => { ${body(1004)} };`,
      'store/shop-component/index.js',
    );
    pulumi.directory.install('portforward', packageRoot, 'store/shop-component');
    symlinkSync(
      join(pulumi.directory.path, 'store', 'shop-component'),
      join(pulumi.directory.path, 'node_modules', 'shop-component'),
    );
    pulumi.write(`require('shop-component')();`);
    const { code, output } = await pulumi.preview();
    expect(code).not.toBe(0);
    expect(output).toMatch(
      /portforward must be a direct dependency of the program in .*run "npm install" or "pnpm add"/,
    );

    pulumi.directory.install('portforward', packageRoot);
    await works(pulumi, 1004);
  });
});
