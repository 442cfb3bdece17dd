import { Command } from 'commander';
import type { StatusReply } from '../api/wire';
import { askStatus } from './ask';
import { EXIT, EXIT_HELP } from './exit';
import { socketOption, tokenFileOption } from './options';
import { paint, printJson, printLine, problemLines } from './output';

interface StatusOptions {
  readonly socket: string;
  readonly tokenFile?: string;
  readonly json?: boolean;
}

/** `portforward-agent status`: what the running agent says of itself. */
export function statusCommand(): Command {
  return new Command('status')
    .description('ask the running agent how it is')
    .addOption(socketOption())
    .addOption(tokenFileOption('the token that the agent wants'))
    .option('--json', 'print the whole status as JSON')
    .addHelpText('after', EXIT_HELP)
    .action(status);
}

async function status({ socket, tokenFile, json }: StatusOptions): Promise<void> {
  const reply = await askStatus(socket, tokenFile);
  if (json) printJson(reply);
  else printStatus(reply, socket);
  const attention = reply.state !== 'ok' || reply.problems.length > 0 || reply.entries.drifted > 0;
  process.exitCode = attention ? EXIT.attention : EXIT.ok;
}

function printStatus(reply: StatusReply, socket: string): void {
  const { entries, healed } = reply;
  const good = reply.state === 'ok';
  printLine(`${reply.product} ${reply.version} at ${socket}, agent ${reply.agentId}`);
  printLine(
    `kernel       ${reply.kernel === 'memory' ? 'memory: practice only, moves no packets' : `nftables, nft ${reply.nft}`}`,
  );
  printLine(
    `state        ${paint(process.stdout, good ? 'green' : 'red', reply.state)}, generation ${reply.generation}`,
  );
  printLine(
    `entries      ${entries.wanted} wanted, ${entries.disabled} of them disabled, ${entries.drifted} changed by hand (limit ${reply.limits.rules})`,
  );
  for (const { name, addresses } of reply.wans)
    printLine(`WAN          ${name}: ${addresses.join(', ') || 'no address'}`);
  printLine(`LANs         ${reply.lans.join(', ') || 'none'}`);
  printLine(
    `management   ${reply.management.map(({ port, service }) => `${port} (${service})`).join(', ') || 'none'}`,
  );
  if (healed.count > 0) printLine(`healed       ${healed.count} times, last ${healed.last}`);
  if (!good)
    for (const { number, at, entries: kept } of reply.generations)
      printLine(`kept         generation ${number} of ${at}, ${kept} entries`);
  for (const problem of reply.problems) printLine(problemLines(problem));
}
