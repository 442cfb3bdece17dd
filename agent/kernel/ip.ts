import { PortforwardError } from '../../provider/rule/error';
import { describeNetwork, type Network } from './network';
import { run } from './run';

/** Reads the interfaces and addresses of this machine now. `wans` = null: those that hold default routes. */
export async function readNetwork(wans: readonly string[] | null): Promise<Network> {
  const [addresses, ...defaults] = await Promise.all([
    ip('-j', 'address'),
    // Every table: a second WAN often has its default route in one of its own.
    ...(wans === null
      ? [
          ip('-j', '-4', 'route', 'show', 'table', 'all', 'default'),
          ip('-j', '-6', 'route', 'show', 'table', 'all', 'default'),
        ]
      : []),
  ]);
  return describeNetwork(addresses, defaults, wans);
}

async function ip(...argv: string[]): Promise<unknown> {
  const output = await run('ip', argv);
  if (output.code !== 0) {
    throw new PortforwardError(
      'refused',
      `ip ${argv.join(' ')} refused: ${output.stderr || 'it said nothing'}.`,
      {
        retryable: true,
      },
    );
  }
  try {
    return output.stdout.trim() === '' ? [] : JSON.parse(output.stdout);
  } catch {
    throw new PortforwardError('refused', `ip ${argv.join(' ')} printed no JSON.`, { retryable: true });
  }
}
