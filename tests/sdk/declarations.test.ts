import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { ProgramDirectory, packageRoot, repositoryRoot } from '../engines/support/package';

/** Every declaration file that a program sees by importing `entry`, and the packages that they name. */
function reach(entry: string, files = new Set<string>(), packages = new Set<string>()) {
  if (files.has(entry)) return { files, packages };
  files.add(entry);
  const text = readFileSync(entry, 'utf8');
  for (const match of text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)) {
    const target = match[1] as string;
    if (target.startsWith('.')) reach(declaration(join(dirname(entry), target)), files, packages);
    else if (!builtinModules.includes(target.replace(/^node:/, ''))) packages.add(target);
  }
  return { files, packages };
}

function declaration(path: string): string {
  return [`${path}.d.ts`, join(path, 'index.d.ts')].find(existsSync) ?? `${path}.d.ts`;
}

test.each([
  ['portforward', 'index.d.ts', ['@pulumi/pulumi']],
  ['portforward/dynamic', 'dynamic.d.ts', []],
  ['portforward/cdktf', 'generated/cdktf/index.d.ts', ['constructs', 'cdktf']],
  ['portforward/cdktn', 'generated/cdktn/index.d.ts', ['constructs', 'cdktn']],
])('the declarations of %s name no package that a user would not have', (_name, entry, allowed) => {
  const { packages } = reach(join(packageRoot, 'dist', 'sdk', entry));
  expect([...packages]).toEqual(allowed);
});

/** What people write; the lines marked wrong must not compile. */
const PROGRAM = `
import * as pulumi from '@pulumi/pulumi';
import { Gateway, GatewayArgs, PortForwardRule, PortForwardRuleArgs, ServicePart, services } from 'portforward';

const args: GatewayArgs = { kind: 'agent', socket: '/run/portforward/agent.sock', unreachable: 'keep', timeout: 5 };
const gateway = new Gateway('home', args, { aliases: [{ name: 'old' }] });
const rule: PortForwardRuleArgs = { externalPort: '80,443', internalAddress: pulumi.output('192.168.50.10') };
const web = new PortForwardRule('web', rule, { gateway, dependsOn: [gateway], protect: true });
const parts: readonly ServicePart[] = services.ftp.parts;
for (const part of parts)
  new PortForwardRule(part.name, { ...rule, protocol: part.protocol, externalPort: part.ports }, { gateway });
export const port: pulumi.Output<number | string> = web.externalPort;
export const tags: pulumi.Output<string[]> = web.entries.apply((entries) => entries.map((entry) => entry.tag));
// @ts-expect-error: no such kind
new Gateway('x', { kind: 'toaster' });
// @ts-expect-error: no such argument
new Gateway('x', { kind: 'agent', soket: '/x' });
// @ts-expect-error: no such property
new PortForwardRule('x', { externalPort: 1, internalAddress: 'gateway', colour: 'red' }, { gateway });
// @ts-expect-error: externalPort is missing
new PortForwardRule('x', { internalAddress: 'gateway' }, { gateway });
// @ts-expect-error: no such service
services.gopher;
`;

/** The same for who writes for Terraform, with CDKTF or CDK Terrain. */
const bindingsProgram = (kit: string) => `
import { App, TerraformStack } from '${kit}';
import { dataPortforwardGateway, dataPortforwardRules, provider, rule } from 'portforward/${kit}';

const stack = new TerraformStack(new App(), 'home');
const home = new provider.PortforwardProvider(stack, 'home', { kind: 'agent', owner: 'home', unreachable: 'keep' });
const args: rule.RuleConfig = { name: 'web', externalPort: '80,443', internalAddress: '192.168.50.10' };
const web = new rule.Rule(stack, 'web', { ...args, sources: ['203.0.113.0/26'], provider: home, dependsOn: [] });
export const port: string = web.externalPort;
const table = new dataPortforwardRules.DataPortforwardRules(stack, 'table');
export const ours: unknown = table.rules.get(0).ours;
export const families: number[] = new dataPortforwardGateway.DataPortforwardGateway(stack, 'told').capabilities.families;
// @ts-expect-error: no such argument
new provider.PortforwardProvider(stack, 'x', { soket: '/x' });
// @ts-expect-error: no such property
new rule.Rule(stack, 'x', { ...args, colour: 'red' });
// @ts-expect-error: externalPort is missing
new rule.Rule(stack, 'x', { name: 'x', internalAddress: 'gateway' });
// @ts-expect-error: what the provider tells cannot be set
new rule.Rule(stack, 'x', { ...args, owner: 'me' });
`;

const PROGRAMS = [
  { what: 'Pulumi', text: PROGRAM, packages: [] },
  { what: 'CDKTF', text: bindingsProgram('cdktf'), packages: ['cdktf', 'constructs'] },
  { what: 'CDK Terrain', text: bindingsProgram('cdktn'), packages: ['cdktn', 'constructs'] },
];

const RESOLUTIONS = [
  { name: 'node16', options: { module: 'node16', moduleResolution: 'node16' } },
  {
    name: 'as old programs have it',
    options: { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' },
  },
];

const CASES = PROGRAMS.flatMap((program) => RESOLUTIONS.map((resolution) => ({ ...program, ...resolution })));

test.each(CASES)(
  'a strict program for $what compiles, modules resolved $name',
  ({ text, packages, options }) => {
    const directory = new ProgramDirectory();
    for (const name of packages) directory.install(name, join(repositoryRoot, 'node_modules', name));
    const strict = {
      strict: true,
      skipLibCheck: true,
      noEmit: true,
      target: 'es2020',
      lib: ['es2020'],
      types: [],
    };
    directory.write('index.ts', text);
    directory.write(
      'tsconfig.json',
      JSON.stringify({ compilerOptions: { ...strict, ...options }, files: ['index.ts'] }),
    );
    const compiler = join(repositoryRoot, 'node_modules', 'typescript', 'bin', 'tsc');
    const { stdout } = spawnSync(process.execPath, [compiler, '-p', '.'], {
      cwd: directory.path,
      encoding: 'utf8',
    });
    directory.remove();
    expect(stdout).toBe('');
  },
  120_000,
);
