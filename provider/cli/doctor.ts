import type { Command } from 'commander';
import { examine } from './doctor/examine';
import type { Finding } from './doctor/finding';
import { EXIT } from './exit';
import { addGatewayOptions, type Flags, openGateway } from './gateway-options';
import { harmless, paint, type Style, type Terminal } from './terminal';

/** Milliseconds for one connection to a target. */
const PROBE_TIMEOUT = 2000;

/** `portforward doctor`: why does my forward not work? */
export function addDoctor(program: Command, terminal: Terminal, done: (status: number) => void): void {
  addGatewayOptions(
    program
      .command('doctor')
      .summary('why does my forward not work?')
      .description(
        'Looks at a gateway and its forwards: reachable, rights, ip_forward, WAN address, blocked by a firewall, ' +
          'changed by hand, targets silent or not answering. Changes nothing; connects once to each of up to ' +
          '8 TCP ports of a rule of ours.',
      )
      .option('--no-probe', 'connect to no target')
      .option('--json', 'print JSON'),
  )
    .addHelpText(
      'after',
      '\nExit status: 0 nothing is wrong (warnings may be), 1 something is, 2 wrong usage, 3 the gateway could not be asked.',
    )
    .action(async (flags: Flags) => done(await doctor(flags, terminal)));
}

async function doctor(flags: Flags, terminal: Terminal): Promise<number> {
  const { endpoint, session } = openGateway(flags, terminal.env);
  const findings = await examine(session, {
    timeout: PROBE_TIMEOUT,
    ...(flags.probe === false ? { skip: true } : {}),
  });
  await session.close();
  if (flags.json) terminal.out(JSON.stringify({ gateway: { endpoint }, findings }, null, 2));
  else for (const finding of findings) terminal.out(lineOf(finding, terminal));
  return statusOf(findings);
}

const styles: Readonly<Record<Finding['status'], Style>> = {
  ok: 'green',
  warn: 'yellow',
  fail: 'red',
  skip: 'dim',
};

function lineOf({ status, message, hint }: Finding, terminal: Terminal): string {
  const line = `${paint(terminal, styles[status], status.padEnd(4))}  ${harmless(message)}`;
  return hint === undefined ? line : `${line}\n      -> ${harmless(hint)}`;
}

function statusOf(findings: readonly Finding[]): number {
  const failed = findings.filter(({ status }) => status === 'fail');
  if (failed.some(({ check }) => check === 'reachable' || check === 'version')) return EXIT.unavailable;
  return failed.length > 0 ? EXIT.failed : EXIT.ok;
}
