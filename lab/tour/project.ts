import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PortforwardError } from '../../provider/rule/error';
import { packageRoot } from '../namespaces/compiled';
import type { ExtraRule } from './engine';

/** A copy of one of the examples, so that the clone stays as it is. */
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
export function copyProject(directory: string, example: string, root = packageRoot()): Project {
  const source = join(root, example);
  if (!existsSync(source)) {
    throw new PortforwardError('internal', `${source} does not exist.`, {
      hint: 'Run the tour in a clone of the project.',
    });
  }
  cpSync(source, directory, { recursive: true, filter: (path) => !path.includes('node_modules') });
  symlinkSync(join(packageRoot(), 'node_modules'), join(directory, 'node_modules'));
  const program = join(directory, 'index.ts');
  const text = readFileSync(program, 'utf8');
  return {
    directory,
    name: /^name:\s*(\S+)/m.exec(readFileSync(join(directory, 'Pulumi.yaml'), 'utf8'))?.[1] ?? '',
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
  if (name === undefined) throw new PortforwardError('internal', 'The example declares no gateway.');
  return name;
}

function ruleText({ name, externalPort, internalAddress }: ExtraRule, gateway: string): string {
  const properties = `{ externalPort: '${externalPort}', internalAddress: '${internalAddress}' }`;
  const option = gateway === 'gateway' ? '{ gateway }' : `{ gateway: ${gateway} }`;
  return `new PortForwardRule('${name}', ${properties}, ${option});`;
}
