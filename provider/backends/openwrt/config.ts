import { type HttpTarget, httpArguments, readHttpTarget } from '../http/arguments';
import type { ArgumentFact } from '../kind';
import { type Arguments, type Environment, invalid, readSecret, refuseUnknown } from '../kind-arguments';
import { isZoneName } from './zone-name';

export interface OpenwrtConfig {
  readonly target: HttpTarget;
  readonly username: string;
  readonly password: string;
  /** Zones that are WAN; null = those that hold a default route. */
  readonly wanZones: readonly string[] | null;
}

export const openwrtArguments = {
  ...httpArguments,
  username: {
    type: 'text',
    required: true,
    description:
      'The account at the router (`config login` in /etc/config/rpcd). Give this program one of its own, with the rights of the ACL file that comes with it, and not `root`.',
    env: 'PORTFORWARD_USERNAME',
  },
  password: {
    type: 'text',
    required: true,
    secret: true,
    description: 'The password of that account.',
  },
  wanZones: {
    type: 'list',
    description: 'The firewall zones that face the internet.',
    unset: 'the zones that hold a default route',
  },
} as const satisfies Readonly<Record<string, ArgumentFact>>;

/** Throws PortforwardError `invalid` that names the argument; never shows a value that may be a secret. */
export function parseOpenwrtConfig(args: Arguments, env: Environment): OpenwrtConfig {
  refuseUnknown('openwrt', openwrtArguments, args);
  const target = readHttpTarget(args, env);
  const username = (args.username as string | undefined) ?? env[openwrtArguments.username.env];
  if (!username)
    throw invalid('username', "The router's username is missing.", {
      hint: `Write it here or as ${openwrtArguments.username.env}; docs/gateways/openwrt.md shows how to make the account.`,
    });
  return { target, username, password: readPassword(args, env), wanZones: readZones(args.wanZones) };
}

function readPassword(args: Arguments, env: Environment): string {
  const { value, variable } = readSecret('password', args, env);
  if (!value)
    throw invalid('password', "The password of the router's account is missing.", {
      hint: `Set the environment variable ${variable} where the engine runs, or the argument "password".`,
    });
  return value;
}

function readZones(value: unknown): readonly string[] | null {
  if (value === undefined || value === null) return null;
  const zones = value as readonly string[];
  if (zones.length === 0) throw invalid('wanZones', 'The list wanZones is empty.', { hint: 'Leave it out.' });
  for (const zone of zones)
    if (!isZoneName(zone)) throw invalid('wanZones', `${JSON.stringify(zone)} is no name of a zone.`);
  return [...new Set(zones)];
}
