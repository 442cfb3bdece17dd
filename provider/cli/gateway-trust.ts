import type { Command } from 'commander';
import { type ShownKey, showKey } from '../backends/http/show-key';
import { EXIT } from './exit';
import { harmless, paint, type Terminal } from './terminal';

/** Milliseconds for one connection. */
const TIMEOUT = 10_000;

/** `portforward gateway trust`: the key of a device, and the line of configuration that pins it. */
export function addGateway(program: Command, terminal: Terminal, done: (status: number) => void): void {
  const gateway = program
    .command('gateway')
    .summary('make the acquaintance of a gateway')
    .description('Commands about one gateway that needs no configuration yet.');
  gateway
    .command('trust <url>')
    .summary('show the key of a gateway, and the line that pins it')
    .description(
      'Connects to a gateway over TLS and shows the public key and certificate that it presents, with the line of ' +
        'configuration that pins the key. Sends no request and no credential, and changes nothing.',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExit status: 0 shown, 2 no https URL, 3 nothing answers in TLS.')
    .exitOverride()
    .copyInheritedSettings(program)
    .action(async (url: string, flags: { readonly json?: boolean }) => {
      const shown = await showKey(url, AbortSignal.timeout(TIMEOUT));
      terminal.out(flags.json ? JSON.stringify(shown, null, 2) : textOf(url, shown, terminal));
      done(EXIT.ok);
    });
}

function textOf(url: string, key: ShownKey, terminal: Terminal): string {
  const issuer = key.issuer === key.subject ? 'itself' : key.issuer;
  const lines = [
    `${url} shows this key:`,
    '',
    `  pin          ${paint(terminal, 'bold', key.pin)}`,
    `  certificate  ${key.fingerprint} (SHA-256)`,
    `               for ${key.subject}, issued by ${issuer}, valid to ${key.validTo}`,
    '',
  ];
  if (key.untrusted === null)
    return harmlessLines([...lines, 'This machine believes the certificate: no configuration is needed.']);
  return harmlessLines([
    ...lines,
    `This machine does not believe the certificate (${key.untrusted}). To trust this key and no other:`,
    '',
    `  pins: ["${key.pin}"]`,
    '',
    'Compare it first with what the gateway shows on its own console: what was fetched over a network is as',
    'good as that network. On OpenWrt: openssl x509 -in /etc/uhttpd.crt -fingerprint -sha256 -noout',
  ]);
}

function harmlessLines(lines: readonly string[]): string {
  return lines.map((line) => (line.includes('\u001b[') ? line : harmless(line))).join('\n');
}
