#!/usr/bin/env node
import './heap';
import { Command, CommanderError } from 'commander';
import { checkCommand } from './commands/check';
import { EXIT, EXIT_HELP } from './commands/exit';
import { printError } from './commands/output';
import { restoreCommand } from './commands/restore';
import { serveCommand } from './commands/serve';
import { statusCommand } from './commands/status';
import { agentVersion } from './version';

/** The `portforward-agent` command. */
async function main(): Promise<void> {
  const program = new Command('portforward-agent')
    .description('Port forwards on this Linux gateway, kept true to what portforward declares.')
    .version(agentVersion())
    .showHelpAfterError('(portforward-agent --help shows what there is)')
    .addHelpText('after', EXIT_HELP)
    .exitOverride();
  for (const command of [serveCommand(), restoreCommand(), statusCommand(), checkCommand()])
    program.addCommand(command.copyInheritedSettings(program));
  await program.parseAsync();
}

main().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return;
  }
  printError(error);
  process.exitCode = EXIT.failed;
});
