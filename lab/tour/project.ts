import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PortforwardError } from '../../provider/rule/error';
import { packageRoot } from '../namespaces/compiled';
import type { ExtraRule } from './engine';

const MAIN = 'examples/quickstart';

/** A copy of the reference project (the root's Pulumi.yaml and the quickstart), so that the clone stays as it is. */
export interface Project {
  readonly directory: string;
  /** The project's name in Pulumi.yaml. */
  readonly name: string;
  /** Adds the rule to the program, and returns what was added. */
  add(extra: ExtraRule): string;
  /** Takes what was added out again. */
  restore(): void;
}

/** Throws `internal` outside a clone: the examples are not part of the installed package. */
export function copyProject(directory: string, root = packageRoot()): Project {
  const manifest = join(root, 'Pulumi.yaml');
  if (!existsSync(manifest)) {
    throw new PortforwardError('internal', `${manifest} does not exist.`, {
      hint: 'Run the tour in a clone of the project.',
    });
  }
  mkdirSync(join(directory, MAIN), { recursive: true });
  cpSync(manifest, join(directory, 'Pulumi.yaml'));
  cpSync(join(root, MAIN), join(directory, MAIN), {
    recursive: true,
    filter: (source) => !source.includes('node_modules'),
  });
  symlinkSync(join(packageRoot(), 'node_modules'), join(directory, 'node_modules'));
  const program = join(directory, MAIN, 'index.ts');
  const text = readFileSync(program, 'utf8');
  return {
    directory,
    name: /^name:\s*(\S+)/m.exec(readFileSync(manifest, 'utf8'))?.[1] ?? 'portforward',
    add(extra) {
      const rule = ruleText(extra, gatewayName(text));
      writeFileSync(program, `${text}\n${rule}\n`);
      return rule;
    },
    restore: () => writeFileSync(program, text),
  };
}

/** What the program calls its gateway: `const gateway = new Gateway(…)`. */
function gatewayName(program: string): string {
  const name = /const (\w+) = new Gateway\(/.exec(program)?.[1];
  if (name === undefined) throw new PortforwardError('internal', 'The quickstart declares no gateway.');
  return name;
}

function ruleText({ name, externalPort, internalAddress }: ExtraRule, gateway: string): string {
  const properties = `{ externalPort: '${externalPort}', internalAddress: '${internalAddress}' }`;
  const option = gateway === 'gateway' ? '{ gateway }' : `{ gateway: ${gateway} }`;
  return `new PortForwardRule('${name}', ${properties}, ${option});`;
}
