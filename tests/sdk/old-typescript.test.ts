import { join, sep } from 'node:path';
import type ts from 'typescript';
import { ProgramDirectory, packageRoot, repositoryRoot } from '../engines/support/package';

/*
 * Pulumi compiles a program that brings no TypeScript of its own with the one that comes with Pulumi. It is old: what
 * it cannot read in our declarations makes everything imported from them unknown, or the program fail.
 */
const OLD = join('@pulumi', 'pulumi', 'vendor', 'typescript@3.8.3', 'typescript.js');
const old: typeof ts = require(join(repositoryRoot, 'node_modules', OLD));

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
`;

/** What the old compiler says of the program, and of those declarations of ours that it reaches. */
function told(text: string): string[] {
  const directory = new ProgramDirectory();
  try {
    directory.write('index.ts', text);
    const program = old.createProgram([join(directory.path, 'index.ts')], {
      strict: true,
      skipLibCheck: true,
      noEmit: true,
      target: old.ScriptTarget.ES2018,
      module: old.ModuleKind.CommonJS,
      moduleResolution: old.ModuleResolutionKind.NodeJs,
      types: [],
    });
    const ours = program
      .getSourceFiles()
      .filter(({ fileName }) => fileName.startsWith(join(packageRoot, 'dist') + sep));
    expect(ours.length).toBeGreaterThan(3);
    const own = program.getSourceFile(join(directory.path, 'index.ts'));
    const all = [
      ...ours.flatMap((file) => program.getSyntacticDiagnostics(file)),
      ...program.getSyntacticDiagnostics(own),
      ...program.getSemanticDiagnostics(own),
    ];
    return all.map(({ messageText }) => old.flattenDiagnosticMessageText(messageText, '\n'));
  } finally {
    directory.remove();
  }
}

test('it is as old as it says', () => expect(old.version).toBe('3.8.3'));

test('a strict program compiles with it', () => {
  expect(told(PROGRAM)).toEqual([]);
}, 60_000);

test('and is told what is wrong in it', () => {
  const wrong = `
new Gateway('x', { kind: 'toaster' });
new PortForwardRule('x', { externalPort: 1, internalAddress: 'gateway', colour: 'red' }, { gateway });
export const owner: number = web.owner;
`;
  expect(told(PROGRAM + wrong)).toEqual([
    expect.stringContaining('toaster'),
    expect.stringContaining('colour'),
    expect.stringContaining("not assignable to type 'number'"),
  ]);
}, 60_000);
