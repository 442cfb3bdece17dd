import { type Command, Option } from 'commander';
import { labDown, labShell, labStatus, labUp } from './lab-commands';
import type { Terminal } from './terminal';

/** `portforward lab …`: a practice network on this machine. */
export function addLab(program: Command, terminal: Terminal, done: (status: number) => void): void {
  const lab = program
    .command('lab')
    .summary('a practice network on this machine')
    .description(
      'A router with the real agent, two machines behind it and an internet, in network namespaces of their own: ' +
        'nothing of it is visible outside, and nothing is left afterwards.',
    );
  lab
    .command('up')
    .description('Builds the lab and keeps it until Ctrl-C, or with --detach until `portforward lab down`.')
    .addOption(
      new Option('--firewall <variant>', 'what else filters on its gateway')
        .choices(['open', 'drop', 'docker', 'debian'])
        .default('open'),
    )
    .option('--detach', 'return once it is up')
    .action(async (flags) => done(await labUp(flags, terminal)));
  lab
    .command('shell')
    .argument('[host]', 'internet, gateway, server or desk', 'desk')
    .description('Opens a shell on one machine of the lab: yours, with a prompt that names the machine.')
    .action(async (host: string) => done(await labShell(host, terminal)));
  lab
    .command('down')
    .description('Ends the lab. Safe to call when none is up.')
    .action(async () => done(await labDown(terminal)));
  lab
    .command('status')
    .description('Tells whether the lab is up and how to use it, or why this machine cannot have one.')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExit status: 0 it is up, 1 it is not, 3 this machine cannot have one.')
    .action(async (flags) => done(await labStatus(flags, terminal)));
}
