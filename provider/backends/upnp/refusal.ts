import { trafficKey } from '../../rule/natural-key';
import type { Mapping, MappingContent } from './mapping';
import { printable } from './printable';
import { isPublic } from './public-address';
import type { UpnpFault } from './soap';
import { CODES, type WanConnection } from './wan';

/** Why a change was not made, in our words with the device's beside them. */
export interface Refusal {
  readonly message: string;
  readonly hint?: string;
}

/** The words that IGD:1 wrote for what IGD:2 calls 606, as FRITZ!Box does: "not available action". */
const NOT_AVAILABLE = 403;

/**
 * What the refusal of AddPortMapping means. The codes are ambiguous: 718 is a conflict, and on IGD:1 and miniupnpd 2.3.1 also
 * what a host is told that maps to another (RFC 6970, 4.3); so the gateway is asked what stands there. `own` = the address
 * by which we ask.
 */
export async function refusedMapping(
  fault: UpnpFault,
  mapping: Mapping,
  own: string,
  connection: WanConnection,
  signal: AbortSignal,
): Promise<Refusal> {
  const said = `It said: ${fault.summary}`;
  const port = portText(mapping);
  switch (fault.upnp) {
    case CODES.conflict: {
      const there = await connection.under(mapping, signal);
      return withWords(there ? taken(mapping, there) : notAllowed(mapping, own), said);
    }
    case CODES.notAuthorized:
    case NOT_AVAILABLE:
      return withWords(notAllowed(mapping, own), said);
    case CODES.actionFailed: {
      const address = await connection.externalAddress(signal);
      return withWords(
        isPublic({ address, status: '' })
          ? { message: 'the gateway could not do it.', hint: 'Look at its log.' }
          : {
              message: `the gateway has ${address === '' ? 'no public address' : `only ${address}`}, and maps nothing without a public one.`,
              hint: 'Ask the provider for a public address, or put the router in front into bridge mode.',
            },
        said,
      );
    }
    case CODES.samePortsRequired:
      return withWords(
        {
          message: 'the gateway forwards only to the same port inside as outside.',
          hint: 'Leave internalPort out, and let the service listen there.',
        },
        said,
      );
    case CODES.remoteHostOnlyWildcard:
      return withWords(
        {
          message: 'the gateway cannot limit who connects.',
          hint: 'Leave sources out only if everyone may connect; a mapping open to all was not made instead.',
        },
        said,
      );
    case CODES.noPortsAvailable:
      return withWords({ message: 'the gateway has room for no more mappings.' }, said);
    case CODES.conflictWithOther:
      return withWords(
        {
          message: `the gateway itself uses ${port}, for a service of its own or a fixed forward.`,
          hint: 'Free it on its own pages, or use another external port.',
        },
        said,
      );
    default:
      return { message: fault.summary, hint: 'Look whether its own pages or log say more.' };
  }
}

/** What the refusal of DeletePortMapping means. */
export function refusedRemoval(fault: UpnpFault, client: string, own: string): Refusal {
  const said = `It said: ${fault.summary}`;
  if (
    client !== own &&
    [CODES.notAuthorized, CODES.conflict, NOT_AVAILABLE].some((code) => code === fault.upnp)
  )
    return withWords(onlyItself(client, own), said);
  return { message: fault.summary, hint: 'Remove it on its own pages.' };
}

/** Only that host may touch the mapping. */
export function onlyItself(client: string, own: string): Refusal {
  return {
    message: `the gateway maps only to the address that asks: that is ${own} here, and the mapping goes to ${client}.`,
    hint: `Run this on ${client}, or let that host manage its own gateway rules.`,
  };
}

/** Something else stands under the key. */
export function taken(mapping: Mapping, there: MappingContent): Refusal {
  const said = printable(there.description);
  return {
    message: `${portText(mapping)} goes to ${there.client} port ${there.internalPort} already (mapping "${said}").`,
    hint: 'Remove that mapping where it was made, or use another external port.',
  };
}

function notAllowed(mapping: Mapping, own: string): Refusal {
  if (mapping.client !== own) return onlyItself(mapping.client, own);
  const low = mapping.externalPort < 1024 || mapping.internalPort < 1024;
  return {
    message: `the gateway does not let this host (${own}) have ${portText(mapping)}.`,
    hint: low
      ? 'Many keep ports below 1024 to themselves: use a higher one, or permit it in its settings.'
      : 'Permit it in its settings (on a FRITZ!Box: "Permit independent port sharing" for this host).',
  };
}

function portText({ protocol, externalPort }: Mapping): string {
  return trafficKey([{ protocol, ports: [{ from: externalPort, to: externalPort }] }]);
}

function withWords(refusal: Refusal, said: string): Refusal {
  return { ...refusal, message: `${refusal.message} ${said}` };
}
