import { readFileSync } from 'node:fs';
import type { ArgumentFact } from '../kind';
import { type Arguments, type Environment, invalid } from '../kind-arguments';
import { pinProblem, type Trust } from './trust';

/** What every kind of gateway takes that is spoken to over HTTP at an address of its own. */
export const httpArguments = {
  url: {
    type: 'text',
    required: true,
    description: 'Address of the gateway: `https://192.168.1.1`, with a port or path where it needs one.',
    env: 'PORTFORWARD_URL',
  },
  caFile: {
    type: 'text',
    description:
      "PEM file with the authority that signed the gateway's certificate, or with that certificate.",
    unset: 'the authorities that this machine believes',
  },
  pins: {
    type: 'list',
    description:
      "Pins of the gateway's public key (`sha256/…`, up to two, so that the key can be changed); they stand in for name, age and issuer of its certificate. `portforward gateway trust <url>` prints the line.",
    unset: 'the certificate must be valid for the name in `url`',
  },
  insecure: {
    type: 'boolean',
    description:
      'Send the credential also to whoever cannot prove to be the gateway: any certificate, or `http://`.',
    default: false,
  },
} as const satisfies Readonly<Record<string, ArgumentFact>>;

/** Where a gateway is and how it is trusted. */
export interface HttpTarget {
  /** Normalised: lower case, no default port, no slash at the end. */
  readonly url: string;
  readonly trust: Trust;
}

/**
 * Reads the arguments above. Throws PortforwardError `invalid` that names the one at fault: no URL, credentials in it,
 * `http://` without `insecure`, a pin that is none, a file that cannot be read.
 */
export function readHttpTarget(args: Arguments, env: Environment): HttpTarget {
  const url = readUrl((args.url as string | undefined) ?? env[httpArguments.url.env]);
  const insecure = args.insecure === true;
  if (url.protocol === 'http:' && !insecure && !isLoopback(url.hostname))
    throw invalid(
      'url',
      `"${url.origin}" is not encrypted: the password would cross the network in clear text.`,
      {
        hint: 'Switch https on at the gateway and write https://, or say insecure: true.',
      },
    );
  return { url: normal(url), trust: { ...readCa(args.caFile), ...readPins(args.pins), insecure } };
}

function readUrl(text: string | undefined): URL {
  if (!text)
    throw invalid('url', "The gateway's url is missing.", {
      hint: `Write it as https://192.168.1.1, here or as ${httpArguments.url.env}.`,
    });
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw invalid('url', `"${text}" is no URL.`, { hint: 'Write it as https://192.168.1.1.' });
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw invalid('url', `"${url.protocol}//" is not spoken here.`, { hint: 'Write https://.' });
  // Not shown: it holds a credential.
  if (url.username || url.password)
    throw invalid('url', 'The url holds a user name or password, and urls are shown and recorded.', {
      hint: 'Use the arguments made for them.',
    });
  if (url.search || url.hash) throw invalid('url', `"${text}" goes on after its path.`);
  return url;
}

function normal(url: URL): string {
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function readCa(file: unknown): Trust {
  if (file === undefined) return {};
  try {
    const ca = readFileSync(String(file), 'utf8');
    if (ca.includes('-----BEGIN CERTIFICATE-----')) return { ca };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw invalid('caFile', `The CA file ${file} cannot be read (${code}).`);
  }
  throw invalid('caFile', `The CA file ${file} holds no PEM certificate.`);
}

function readPins(pins: unknown): Trust {
  if (pins === undefined) return {};
  const list = pins as readonly string[];
  if (list.length === 0 || list.length > 2)
    throw invalid('pins', `There are ${list.length} pins; one or two are expected.`);
  for (const pin of list) {
    const problem = pinProblem(pin);
    if (problem !== null) throw invalid('pins', `"${pin}" is no pin: ${problem}.`);
  }
  return { pins: list };
}
