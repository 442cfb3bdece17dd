import type { ArgumentFact } from '../kind';
import { type Arguments, type Environment, invalid, refuseUnknown } from '../kind-arguments';
import { readHttpUrl } from './location';
import { udnOf } from './ssdp';

export interface UpnpConfig {
  /** Of the device description; null = it is searched for. */
  readonly url: URL | null;
  /** `uuid:…` in lower case; null = whichever gateway is there, if there is one. */
  readonly udn: string | null;
  /** Names or own addresses of the interfaces to search on; null = all. */
  readonly interfaces: readonly string[] | null;
}

export const upnpArguments = {
  url: {
    type: 'text',
    description:
      "URL of the gateway's UPnP description, by its address inside: `http://192.168.1.1:5000/rootDesc.xml`. `portforward discover` prints it.",
    unset: 'the gateway is searched for',
    // Not the variable of other kinds: theirs leads to a web interface.
    env: 'PORTFORWARD_UPNP_URL',
  },
  udn: {
    type: 'text',
    description:
      'Unique name of the gateway, `uuid:…`, by which it is found again although its address or port changed; needed where several gateways answer. `portforward discover` prints it.',
    unset: 'the only gateway that answers',
    env: 'PORTFORWARD_UDN',
  },
  interfaces: {
    type: 'list',
    description: "Interfaces of this machine to search on, by name or by the machine's own address.",
    unset: 'all but loopback',
  },
} as const satisfies Readonly<Record<string, ArgumentFact>>;

/** Throws PortforwardError `invalid` that names the argument. */
export function parseUpnpConfig(args: Arguments, env: Environment): UpnpConfig {
  refuseUnknown('upnp', upnpArguments, args);
  return {
    url: readUrl(textOf(args, 'url') ?? env[upnpArguments.url.env]),
    udn: readUdn(textOf(args, 'udn') ?? env[upnpArguments.udn.env]),
    interfaces: readInterfaces(args.interfaces),
  };
}

/** The device by its name where that is known, for its address changes; else the URL. */
export function upnpEndpoint({ url, udn }: UpnpConfig): string {
  return `upnp:${udn ?? url?.href ?? 'default'}`;
}

function textOf(args: Arguments, name: string): string | undefined {
  const value = args[name];
  if (value === undefined || typeof value === 'string') return value;
  throw invalid(name, `The argument "${name}" of a gateway of kind "upnp" must be text.`);
}

function readUrl(text: string | undefined): URL | null {
  if (text === undefined || text === '') return null;
  const url = readHttpUrl(text);
  if (url) return url;
  throw invalid('url', `"${text}" is no URL of a UPnP description.`, {
    hint: 'Write it as http://192.168.1.1:5000/rootDesc.xml, with the address of the gateway and not its name; `portforward discover` prints it.',
  });
}

function readUdn(text: string | undefined): string | null {
  if (text === undefined || text === '') return null;
  const udn = udnOf(text);
  if (udn !== '') return udn;
  throw invalid('udn', `"${text}" is no unique device name.`, {
    hint: 'It begins with "uuid:"; `portforward discover` prints it.',
  });
}

function readInterfaces(value: unknown): readonly string[] | null {
  if (value === undefined) return null;
  if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string')) return value;
  throw invalid('interfaces', 'The argument "interfaces" must be a list of names or addresses.', {
    hint: 'Leave it out to search on all.',
  });
}
