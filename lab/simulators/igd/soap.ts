import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { UpnpFault } from './errors';
import type { Habits } from './habits';
import { element, escapeXml } from './xml';

export const SERVICE_URN = 'urn:schemas-upnp-org:service:';

export interface SoapCall {
  /** Such as `WANIPConnection:1`. */
  readonly service: string;
  readonly action: string;
  /** In the order they came. */
  readonly args: ReadonlyMap<string, string>;
}

const parser = new XMLParser({ removeNSPrefix: true, parseTagValue: false, trimValues: false });

/** One call; null for what is none (UPnP Device Architecture 1.1, section 3.2.1). */
export function readCall(header: string | undefined, body: string): SoapCall | null {
  const [, service, action] =
    /^"?urn:schemas-upnp-org:service:([^"#]+)#([A-Za-z0-9_]+)"?$/.exec(header ?? '') ?? [];
  if (service === undefined || action === undefined || XMLValidator.validate(body) !== true) return null;
  const message = parser.parse(body)?.Envelope?.Body?.[action];
  if (message === undefined) return null;
  const args = new Map<string, string>();
  for (const [name, value] of Object.entries(typeof message === 'object' ? message : {})) {
    if (name === '#text') continue;
    // The same argument twice, or elements in one: neither is text.
    if (typeof value !== 'string') return null;
    args.set(name, value);
  }
  return { service, action, args };
}

const ENVELOPE =
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">';

function envelope(content: string): string {
  return `<?xml version="1.0"?>\r\n${ENVELOPE}<s:Body>${content}</s:Body></s:Envelope>\r\n`;
}

/** Values are texts; what is XML of its own comes marked as CDATA. */
export type SoapResult = Readonly<Record<string, string | { readonly cdata: string }>>;

export function answerOf({ service, action }: SoapCall, result: SoapResult): string {
  const values = Object.entries(result).map(([name, value]) =>
    typeof value === 'string' ? element(name, value) : `<${name}><![CDATA[${value.cdata}]]></${name}>`,
  );
  const name = `u:${action}Response`;
  return envelope(`<${name} xmlns:u="${SERVICE_URN}${service}">${values.join('')}</${name}>`);
}

export function faultOf({ code, message }: UpnpFault, names: Habits['faultNames']): string {
  const [outer, inner] = names === 'soap' ? ['faultcode', 'faultstring'] : ['faultCode', 'faultString'];
  return envelope(
    `<s:Fault><${outer}>s:Client</${outer}><${inner}>UPnPError</${inner}><detail>` +
      '<UPnPError xmlns="urn:schemas-upnp-org:control-1-0">' +
      `<errorCode>${code}</errorCode><errorDescription>${escapeXml(message)}</errorDescription>` +
      '</UPnPError></detail></s:Fault>',
  );
}
