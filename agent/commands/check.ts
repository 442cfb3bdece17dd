import { Command } from 'commander';
import { hasCode } from '../../provider/rule/error';
import type { StatusReply } from '../api/wire';
import { sysctlAdvice } from '../daemon/admit';
import type { Facts } from '../kernel/kernel';
import { agentVersion } from '../version';
import { askStatus } from './ask';
import { optionsOf, seenBy, type View, viewOf } from './check-view';
import { EXIT, EXIT_HELP } from './exit';
import { type KernelOptions, kernelOptions, openKernel, socketOption, tokenFileOption } from './options';
import { paint, printJson, printLine, problemLines } from './output';
import { unitsAdvice } from './units';

interface CheckOptions extends KernelOptions {
  readonly socket: string;
  readonly tokenFile?: string;
  readonly json?: boolean;
}

/** `portforward-agent check`: what this machine has and lacks as a gateway. Changes nothing. */
export function checkCommand(): Command {
  const command = new Command('check')
    .description(
      'tell what this machine needs to be a gateway: rights, nft, routing, firewalls in front, service',
    )
    .addOption(socketOption())
    .addOption(tokenFileOption('the token that the running agent wants'))
    .option('--json', 'print the facts as JSON')
    .addHelpText('after', EXIT_HELP)
    .action((options: CheckOptions) =>
      check(options, command.getOptionValueSource('managementPorts') !== 'default'),
    );
  for (const option of kernelOptions("the running agent's, else those of the default routes"))
    command.addOption(option);
  return command;
}

async function check(given: CheckOptions, managementGiven: boolean): Promise<void> {
  const agent = await running(given);
  const view = viewOf(agent, given);
  const options = optionsOf(given, view, managementGiven);
  const kernel = openKernel(options);
  try {
    const facts = seenBy(view, await kernel.facts(), given);
    const units = unitsAdvice();
    if (options.json) {
      const { socket } = options;
      const seen =
        typeof agent === 'string' ? { running: false, reason: agent } : { running: true, ...agent };
      printJson({
        version: agentVersion(),
        node: process.version,
        facts,
        networkFrom: view.from,
        socket,
        agent: seen,
        service: units,
      });
    } else printFacts(facts, view, units, options);
    process.exitCode = facts.problems.length > 0 ? EXIT.attention : EXIT.ok;
  } finally {
    await kernel.close();
  }
}

/** The running agent's status, or why there is none to ask. */
async function running({ socket, tokenFile }: CheckOptions): Promise<StatusReply | string> {
  try {
    return await askStatus(socket, tokenFile);
  } catch (error) {
    if (hasCode(error, 'unreachable', 'credential', 'version', 'refused')) return error.message;
    throw error;
  }
}

function printFacts(
  facts: Facts,
  view: View,
  units: string | null,
  { managementPorts, markBit }: CheckOptions,
): void {
  const { ipForward } = facts;
  const { agent, from } = view;
  const seen = from === 'running agent' ? ', as the running agent sees it' : '';
  printLine(`portforward-agent ${agentVersion()} on Node ${process.version}`);
  printLine(`nft          ${facts.nft}`);
  for (const { name, addresses } of facts.wans)
    printLine(`WAN          ${name}: ${addresses.join(', ') || 'no address'}${seen}`);
  if (facts.wans.length === 0) printLine('WAN          none: there is no default route, name one with --wan');
  printLine(`LANs         ${facts.lans.join(', ') || 'none: there is nowhere to forward to'}${seen}`);
  printLine(`routing      IPv4 ${ipForward.v4 ? 'on' : 'off'}, IPv6 ${ipForward.v6 ? 'on' : 'off'}`);
  printLine(
    `management   ${managementPorts.join(', ') || 'none'} (a forward may take these only on explicit word)`,
  );
  for (const { protocol, address, port } of facts.listeners)
    printLine(`listens      ${protocol} ${address} port ${port}: a forward of it would win from the WAN`);
  printLine(`agent        ${typeof agent === 'string' ? agent : `running, generation ${agent.generation}`}`);
  if (!facts.problems.some(({ code }) => code === 'blocked')) {
    const bit = `0x${markBit.toString(16)}`;
    printLine('firewall     none in front drops what the agent admits; one that does would need this line:');
    printLine(`             meta mark and ${bit} == ${bit} accept`);
  }
  printLine();
  for (const problem of facts.problems) printLine(problemLines(problem));
  if (!ipForward.v6 && ipForward.v4)
    printLine(`For IPv6 pinholes: ${sysctlAdvice('net.ipv6.conf.all.forwarding')}`);
  if (units !== null) printLine(units);
  if (facts.problems.length === 0)
    printLine(paint(process.stdout, 'green', 'This machine is ready to be a gateway.'));
}
