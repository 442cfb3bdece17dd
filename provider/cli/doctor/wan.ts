import { classify, parseAddress } from '../../rule/address';
import type { Finding } from './finding';

/** Whether the internet can reach the gateway's WAN addresses at all. `wans` null = the device does not tell. */
export function checkWans(
  wans: readonly { readonly name: string; readonly addresses: readonly string[] }[] | null,
): Finding[] {
  return (wans ?? []).flatMap(({ name, addresses }) =>
    addresses.length > 0
      ? addresses.map((address) => checkAddress(name, address))
      : [
          {
            check: 'wan-address',
            status: 'warn' as const,
            message: `WAN ${name} has no address.`,
            hint: 'Bring its connection up; until then nothing can reach the gateway there.',
          },
        ],
  );
}

function checkAddress(wan: string, text: string): Finding {
  const address = parseAddress(text);
  switch (address && classify(address)) {
    case 'private':
      return {
        check: 'wan-private',
        status: 'warn',
        message: `WAN ${wan} has the private address ${text}: another router stands between it and the internet.`,
        hint: 'Forward the same ports on that router to this one, or put it into bridge mode.',
      };
    case 'shared':
      return {
        check: 'wan-cgnat',
        status: 'warn',
        message: `WAN ${wan} has ${text}, an address that the provider shares among customers (carrier-grade NAT, RFC 6598).`,
        hint: 'Nothing can be forwarded from the internet over IPv4: ask the provider for a public address, or open IPv6 pinholes.',
      };
    case 'link-local':
    case 'loopback':
    case 'unspecified':
      return {
        check: 'wan-address',
        status: 'warn',
        message: `WAN ${wan} has only ${text}, an address that nobody can reach.`,
        hint: 'Bring its connection up, or name the right interface as WAN.',
      };
    default:
      return { check: 'wan-address', status: 'ok', message: `WAN ${wan} has the public address ${text}.` };
  }
}
