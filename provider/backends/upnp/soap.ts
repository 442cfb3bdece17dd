import { PortforwardError } from '../../rule/error';
import type { HttpAnswer } from '../http/client';
import { printable } from './printable';
import { child, descendant, type Element, escapeXml, MalformedXml, parseXml, textOf } from './xml';

/** Arguments of an action in the order of its service description: strict routers want them so. */
export type Arguments = readonly (readonly [name: string, value: string | number])[];

/** What an action answered, by the names of its output arguments; always text. */
export type Outputs = ReadonlyMap<string, string>;

/** The device refused an action. Codes decide, never texts: they differ between versions of one program. */
export class UpnpFault extends PortforwardError {
  constructor(
    /** UPnPError's errorCode; 0 where the device gave none. */
    readonly upnp: number,
    /** The device's words. */
    readonly words: string,
  ) {
    super('refused', `UPnP error ${upnp}${words === '' ? '' : ` (${words})`}.`);
  }
}

/** The request for an action (UPnP Device Architecture 1.1, 3.1.1): all that goes into an HTTP POST. */
export function soapRequest(
  service: string,
  action: string,
  args: Arguments,
): { readonly headers: Readonly<Record<string, string>>; readonly body: string } {
  const inner = args.map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`).join('');
  const body =
    '<?xml version="1.0"?>\r\n' +
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">' +
    `<s:Body><u:${action} xmlns:u="${escapeXml(service)}">${inner}</u:${action}></s:Body></s:Envelope>\r\n`;
  return {
    headers: { 'content-type': 'text/xml; charset="utf-8"', SOAPAction: `"${service}#${action}"` },
    body,
  };
}

/**
 * The answer to an action. Throws UpnpFault for what the device refused, `denied` where it wants a login, `refused` for
 * what is no answer to this action.
 */
export function readSoapAnswer(answer: HttpAnswer, action: string, label: string): Outputs {
  const { status } = answer;
  if (status === 401 || status === 403) throw wantsLogin(label, status);
  // Faults come with 500; some routers send them with 200, and answers with 500.
  const envelope = readEnvelope(answer, action, label);
  const body = envelope && child(envelope, 'Body');
  if (!body) throw noAnswer(answer, action, label, 'it is no SOAP envelope');
  const fault = child(body, 'Fault');
  if (fault) throw faultOf(fault);
  const response = body.children.find(({ name }) => name === `${action}Response`);
  if (!response) throw noAnswer(answer, action, label, `it holds no ${action}Response`);
  return new Map(response.children.map(({ name, text }) => [name, text]));
}

/** Whether the place that was asked is not where the service is (any more). */
export function isElsewhere(error: unknown): boolean {
  return error instanceof NotThere;
}

/** The web server answers, and knows nothing of the service: a control URL of before a restart, most often. */
class NotThere extends PortforwardError {}

function readEnvelope(answer: HttpAnswer, action: string, label: string): Element | null {
  try {
    const root = parseXml(answer.text);
    return root.name === 'Envelope' ? root : null;
  } catch (error) {
    if (!(error instanceof MalformedXml)) throw error;
    throw noAnswer(answer, action, label, error.message);
  }
}

/** RouterOS writes faultcode and faultstring as it likes, so only UPnPError counts, wherever it stands. */
function faultOf(fault: Element): UpnpFault {
  const error = descendant(fault, 'UPnPError');
  const code = error ? textOf(error, 'errorCode') : '';
  const words = error ? textOf(error, 'errorDescription') : textOf(fault, 'faultstring');
  // Negative ones have been seen.
  return new UpnpFault(/^-?[0-9]{1,9}$/.test(code) ? Number(code) : 0, printable(words));
}

function wantsLogin(label: string, status: number): PortforwardError {
  return new PortforwardError('denied', `${label} wants a login (HTTP ${status}), which UPnP has not.`, {
    hint: 'Look in its settings for UPnP, and whether another device announced this address.',
  });
}

function noAnswer(
  { status, text, excerpt }: HttpAnswer,
  action: string,
  label: string,
  why: string,
): PortforwardError {
  const title = /<title[^>]*>([^<]{1,120})/i.exec(text)?.[1] ?? excerpt.slice(0, 120);
  const said = text === '' ? 'nothing' : `"${printable(title)}"`;
  const summary = `${label} answered ${action} with HTTP ${status} and ${said}: ${why}.`;
  const options = { hint: 'Is it really the router, and is UPnP switched on there?' };
  return status === 404 || status === 405 || status === 410
    ? new NotThere('refused', summary, options)
    : new PortforwardError('refused', summary, options);
}
