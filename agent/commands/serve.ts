import { Command } from 'commander';
import { tidyHeap } from '../heap';
import { startAgent } from '../start';
import { agentVersion } from '../version';
import { EXIT, EXIT_HELP } from './exit';
import {
  type KernelOptions,
  kernelOptions,
  maxRulesOption,
  openKernel,
  prepareRuntimeDirectory,
  socketOption,
  stateDirOption,
  tokenFileOption,
} from './options';
import { printError, printLine } from './output';

interface ServeOptions extends KernelOptions {
  readonly socket: string;
  readonly stateDir: string;
  readonly tokenFile?: string;
  readonly maxRules: number;
}

/** `portforward-agent serve`: the daemon in the foreground, until SIGTERM or SIGINT. */
export function serveCommand(): Command {
  const command = new Command('serve')
    .description('run the agent in the foreground: restore the forwards, listen, mend what others flush')
    .addOption(socketOption())
    .addOption(stateDirOption())
    .addOption(tokenFileOption('want this token with every request (one word, 32 characters or more)'))
    .addOption(maxRulesOption())
    .addHelpText('after', EXIT_HELP)
    .action(serve);
  for (const option of kernelOptions()) command.addOption(option);
  return command;
}

async function serve(options: ServeOptions): Promise<void> {
  const { socket, stateDir, tokenFile, maxRules, managementPorts, kernel } = options;
  if (kernel === 'memory') printLine('practice only: the table is in memory and moves no packets');
  prepareRuntimeDirectory(options);
  const agent = await startAgent({
    kernel: openKernel(options, tidyHeap),
    kernelName: kernel,
    socket,
    stateDir,
    managementPorts,
    maxRules,
    log: printLine,
    ...(tokenFile === undefined ? {} : { tokenFile }),
  });
  printLine(`portforward-agent ${agentVersion()} is listening at ${socket}`);
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    printLine(`${signal}: ending after the running request; the forwards stay`);
    agent.stop().then(
      () => process.exit(EXIT.ok),
      (error: unknown) => {
        printError(error);
        process.exit(EXIT.failed);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
