import { Command, InvalidArgumentError, Option } from 'commander';
import { PortforwardError } from '../../provider/rule/error';
import { Daemon } from '../daemon/daemon';
import { Store } from '../store/store';
import { agentVersion } from '../version';
import { EXIT, EXIT_HELP } from './exit';
import {
  type KernelOptions,
  kernelOptions,
  maxRulesOption,
  openKernel,
  prepareRuntimeDirectory,
  stateDirOption,
} from './options';
import { printError, printLine } from './output';

interface RestoreOptions extends KernelOptions {
  readonly stateDir: string;
  readonly maxRules: number;
  readonly generation?: number;
}

/** `portforward-agent restore`: loads the state into the kernel once, without any API; for the boot. */
export function restoreCommand(): Command {
  const command = new Command('restore')
    .description(
      'load the saved forwards into the kernel once and end; for the boot, before the network is up',
    )
    .addOption(stateDirOption())
    .addOption(maxRulesOption().hideHelp())
    .addOption(
      new Option(
        '--generation <number>',
        'first make this kept generation the current one (portforward-agent status names them)',
      ).argParser((text) => {
        if (/^[0-9]{1,12}$/.test(text)) return Number(text);
        throw new InvalidArgumentError('A number.');
      }),
    )
    .addHelpText('after', EXIT_HELP)
    .action(restore);
  for (const option of kernelOptions()) command.addOption(option);
  return command;
}

async function restore(options: RestoreOptions): Promise<void> {
  prepareRuntimeDirectory(options);
  const store = await Store.open(options.stateDir);
  const daemon = new Daemon({
    kernel: openKernel(options),
    kernelName: options.kernel,
    store,
    version: agentVersion(),
    managementPorts: options.managementPorts,
    maxRules: options.maxRules,
    log: printLine,
    compareEvery: 0,
  });
  try {
    if (options.generation !== undefined) {
      const state = await store.restoreGeneration(options.generation, new Date());
      printLine(`generation ${options.generation} is current again, as number ${state.number}`);
    }
    await daemon.converge(true);
    const { damaged } = daemon;
    if (damaged === null) return;
    printError(new PortforwardError('refused', damaged.message, { hint: damaged.hint }));
    for (const { number, at, entries } of await store.generations())
      printLine(`kept: generation ${number} of ${at}, ${entries} entries`);
    process.exitCode = EXIT.attention;
  } finally {
    await daemon.stop();
  }
}
