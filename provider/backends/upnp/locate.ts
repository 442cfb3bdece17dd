import { hasCode, PortforwardError } from '../../rule/error';
import type { UpnpConfig } from './config';
import { describe, findGateways, type Located } from './find';
import { isInside, ownAddresses } from './interfaces';
import { hostOf } from './location';
import type { SearchSurroundings, Sighting } from './search';
import { answersAsGateway } from './ssdp';
import { Transport } from './transport';

/**
 * Finds the one gateway that is meant: under its URL, or by a search. The port of that URL changes when many a router
 * restarts, so a dead one is searched for again at its address, or by its UDN. Throws PortforwardError: `unreachable` where
 * there is none, `invalid` where there are several, `device` where another one answers.
 */
export async function locate(
  { url, udn, interfaces }: UpnpConfig,
  surroundings: SearchSurroundings,
  signal: AbortSignal,
): Promise<Located> {
  const at = url && (await atUrl(url, udn, surroundings, signal));
  if (at && 'description' in at) return at;
  const meant = ({ description, location }: Located): boolean =>
    udn === null ? url === null || hostOf(location) === hostOf(url) : description.udn === udn;
  const until = ({ udn: seen, url: seenAt, ...answer }: Sighting): boolean =>
    answersAsGateway({ udn: seen, ...answer }) &&
    (udn === null ? url !== null && hostOf(seenAt) === hostOf(url) : seen === udn);
  const { gateways, asked, complaints } = await findGateways(
    { interfaces, hosts: url ? [hostOf(url) as string] : [], until },
    surroundings,
    signal,
  );
  const found = gateways.filter(meant);
  const [one] = found;
  if (one && found.length === 1) return one;
  if (one) throw several(found);
  if (at && gateways.length === 0) throw at.error;
  throw nothing(udn, gateways, asked, complaints);
}

/** The gateway at a URL, or why it is none. What answers there without being the one that is meant may have moved. */
async function atUrl(
  url: URL,
  udn: string | null,
  { interfaces }: SearchSurroundings,
  signal: AbortSignal,
): Promise<Located | { readonly error: PortforwardError }> {
  if (!isInside(hostOf(url) ?? '', ownAddresses(interfaces)))
    throw new PortforwardError(
      'invalid',
      `${url.href} lies outside: UPnP is spoken with a router on the LAN.`,
      {
        hint: 'Give the address of the router inside.',
        property: 'url',
      },
    );
  const transport = new Transport();
  try {
    const located = await describe(url, transport, signal);
    if (!located)
      return {
        error: new PortforwardError('refused', `What ${url.href} describes is no gateway that can forward.`, {
          hint: '`portforward discover` shows the gateways of this network.',
        }),
      };
    if (udn === null || located.description.udn === udn) return located;
    const { model, udn: other } = located.description;
    return {
      error: new PortforwardError(
        'device',
        `Gateway ${other} (${model}) answers at ${url.href}, not ${udn}.`,
        {
          hint: 'If it replaces the old one, change `udn`; `portforward discover` prints it.',
        },
      ),
    };
  } catch (error) {
    if (!hasCode(error, 'unreachable', 'refused', 'timeout') || signal.aborted) throw error;
    return { error };
  } finally {
    await transport.close();
  }
}

function several(found: readonly Located[]): PortforwardError {
  const lines = found.map(({ location, description: { udn, model } }) =>
    udn === null ? `url: "${location.href}" (${model})` : `udn: "${udn}" (${model} at ${hostOf(location)})`,
  );
  return new PortforwardError(
    'invalid',
    `${found.length} gateways answer, and it is not said which one is meant.`,
    {
      hint: `Add one of these lines: ${lines.join('; ')}.`,
      property: 'udn',
    },
  );
}

function nothing(
  udn: string | null,
  others: readonly Located[],
  asked: readonly string[],
  complaints: readonly string[],
): PortforwardError {
  const who = udn === null ? 'No UPnP gateway' : `No gateway ${udn}`;
  const where = asked.length > 0 ? `asked: ${asked.join(', ')}` : 'this machine has no interface to ask on';
  const also = others.map(({ description }) => description.udn ?? description.model).join(', ');
  const seen = also === '' ? '' : ` There is: ${also}.`;
  const complaint = complaints[0] === undefined ? '' : ` ${complaints[0]}`;
  return new PortforwardError('unreachable', `${who} answers (${where}).${seen}${complaint}`, {
    hint: 'Switch UPnP on in the router; from a container, which multicast does not leave, use the network of the host or give `url`.',
    retryable: true,
  });
}
