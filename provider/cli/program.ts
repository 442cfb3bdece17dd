import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { packageRoot } from '../../lab/namespaces/compiled';
import { addDiscover } from './discover';
import { addDoctor } from './doctor';
import { EXIT, report } from './exit';
import { addGateway } from './gateway-trust';
import { addLab } from './lab';
import { addList } from './list';
import type { Terminal } from './terminal';
import { addTerraform } from './terraform-install';

/** Runs one command line (without node and script) and returns its exit status. Never throws. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  let status: number = EXIT.ok;
  const done = (code: number) => {
    status = code;
  };
  const program = new Command('portforward')
    .description(
      'Port forwarding as code, for any router: look at a gateway, find out what is wrong, practise.',
    )
    .version(version())
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
    })
    .exitOverride()
    .showHelpAfterError('Run with --help to see what there is.')
    .addHelpText(
      'after',
      '\nExit status: 0 ok, 1 failed or findings, 2 wrong usage, 3 gateway or lab not to be had.',
    );
  addList(program, terminal, done);
  addDoctor(program, terminal, done);
  addGateway(program, terminal, done);
  addDiscover(program, terminal, done);
  addLab(program, terminal, done);
  addTerraform(program, terminal, done);
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return status;
  } catch (error) {
    return report(error, terminal);
  }
}

function version(): string {
  return JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')).version;
}
