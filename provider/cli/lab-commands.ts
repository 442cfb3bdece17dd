import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { askDown, askStatus, type LabStatus } from '../../lab/keeper/ask';
import { keepLab, services } from '../../lab/keeper/keep';
import { keeperDirectory } from '../../lab/keeper/place';
import { shellOn, welcome } from '../../lab/keeper/shell';
import { compiled } from '../../lab/namespaces/compiled';
import type { FirewallVariant } from '../../lab/namespaces/firewall';
import { addresses, type Host, hosts } from '../../lab/namespaces/network';
import { spawnInside } from '../../lab/namespaces/run';
import { labSupport } from '../../lab/namespaces/support';
import { PortforwardError } from '../rule/error';
import { EXIT } from './exit';
import { columns, paint, type Terminal } from './terminal';

/** Builds the lab; in the foreground returns after it has ended. */
export async function labUp(
  flags: { readonly firewall: FirewallVariant; readonly detach?: boolean },
  terminal: Terminal,
): Promise<number> {
  requireSupport();
  if (flags.detach) return detach(flags.firewall, terminal);
  const keeper = await keepLab(keeperDirectory(terminal.env), { firewall: flags.firewall });
  terminal.out(guide(keeper.status, terminal));
  // A detached keeper's parent waits for this word.
  process.send?.('up');
  process.channel?.unref();
  terminal.out('\nCtrl-C ends it.');
  const stop = () => void keeper.stop();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  await keeper.ended;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, stop);
  return EXIT.ok;
}

/** Opens a shell on one host of the standing lab. */
export async function labShell(host: string, terminal: Terminal): Promise<number> {
  if (!(hosts as readonly string[]).includes(host)) {
    throw new PortforwardError('invalid', `The lab has no host "${host}".`, {
      hint: `It has ${hosts.join(', ')}.`,
    });
  }
  const status = await standing(terminal);
  const shell = shellOn(host, terminal.env.SHELL || undefined);
  if (process.stdin.isTTY) terminal.err(welcome(host));
  const child = spawnInside(status.enter, host as Host, shell.argv, {
    cwd: process.cwd(),
    stdio: 'inherit',
    terminal: true,
    env: { ...shell.env, PORTFORWARD_SOCKET: status.socket, PORTFORWARD_LAB_HOST: host },
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? EXIT.failed;
}

/** Ends the standing lab. */
export async function labDown(terminal: Terminal): Promise<number> {
  const was = await askDown(keeperDirectory(terminal.env));
  terminal.out(was ? 'The lab is down.' : 'No lab was up.');
  return EXIT.ok;
}

/** Tells about the standing lab. */
export async function labStatus(flags: { readonly json?: boolean }, terminal: Terminal): Promise<number> {
  const support = labSupport();
  const status = support.supported ? await askStatus(keeperDirectory(terminal.env)) : null;
  if (flags.json) {
    terminal.out(
      JSON.stringify({ support, up: status !== null, ...(status ? { lab: status } : {}) }, null, 2),
    );
  } else if (!support.supported) terminal.out(support.reason);
  else
    terminal.out(status ? guide(status, terminal) : 'The lab is not up. Start it with `portforward lab up`.');
  if (!support.supported) return EXIT.unavailable;
  return status ? EXIT.ok : EXIT.failed;
}

async function detach(firewall: string, terminal: Terminal): Promise<number> {
  const argv = [compiled('provider/cli/main.js'), 'lab', 'up', '--firewall', firewall];
  const child = spawn(process.execPath, argv, {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, ...terminal.env },
  });
  let complaint = '';
  child.stderr?.on('data', (chunk) => {
    complaint += chunk;
  });
  const [first] = await Promise.race([once(child, 'message'), once(child, 'close')]);
  if (first !== 'up') {
    terminal.err(complaint.trim());
    return typeof first === 'number' && first > 0 ? first : EXIT.failed;
  }
  child.disconnect();
  child.stderr?.destroy();
  child.unref();
  terminal.out(guide(await standing(terminal), terminal));
  terminal.out('\n`portforward lab down` ends it.');
  return EXIT.ok;
}

async function standing(terminal: Terminal): Promise<LabStatus> {
  const status = await askStatus(keeperDirectory(terminal.env));
  if (status) return status;
  throw new PortforwardError('unsupported', 'The lab is not up.', {
    hint: 'Start it with `portforward lab up`.',
  });
}

function requireSupport(): void {
  const support = labSupport();
  if (!support.supported) {
    throw new PortforwardError('unsupported', support.reason, {
      hint: '`npm start` in a clone shows the tour with a table in memory instead.',
    });
  }
}

function guide(status: LabStatus, terminal: Terminal): string {
  const { gateway, server, desk, internet } = addresses;
  const rows = [
    ['internet', `${internet.client}, ${internet.stranger}, ${internet.client6}`, 'clients far away'],
    ['', internet.site, `a site on tcp ${services.site.join(', ')}`],
    [
      'gateway',
      `${gateway.wan} (wan0), ${gateway.wan2} (wan1), ${gateway.lan}`,
      'the router, with the agent',
    ],
    [
      'server',
      `${server.lan}, ${server.lan6}`,
      `tcp ${services.greeter.join(', ')}; udp ${services.echo.join(', ')}`,
    ],
    ['desk', `${desk.lan}, ${desk.lan6}`, 'where you sit'],
  ];
  return `${paint(terminal, 'bold', 'The lab is up.')}

${columns(['HOST', 'ADDRESSES', 'WHAT IT IS'], rows)}

  export PORTFORWARD_SOCKET=${status.socket}
  portforward list                    what the gateway forwards
  portforward doctor                  what is wrong with it
  portforward lab shell internet      a shell there; try: curl --interface ${internet.client} telnet://${gateway.wan}:443`;
}
