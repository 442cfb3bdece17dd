import type { HttpAnswer } from '../../../../provider/backends/http/client';
import { isElsewhere, readSoapAnswer, soapRequest, UpnpFault } from '../../../../provider/backends/upnp/soap';
import { PortforwardError } from '../../../../provider/rule/error';
import { answerBody, faultBody } from './scripted';

const SERVICE = 'urn:schemas-upnp-org:service:WANIPConnection:1';

const answer = (text: string, status = 200): HttpAnswer => ({
  status,
  headers: {},
  json: undefined,
  text,
  excerpt: text.slice(0, 2048),
});
const read = (text: string, status?: number) =>
  readSoapAnswer(answer(text, status), 'GetThing', 'The gateway at 192.168.1.1');
const failure = (text: string, status?: number): PortforwardError => {
  try {
    read(text, status);
  } catch (error) {
    if (error instanceof PortforwardError) return error;
    throw error;
  }
  throw new Error('it was read');
};

describe('requests', () => {
  test('name service and action in quotes, and keep the order of the arguments, empty ones too', () => {
    const { headers, body } = soapRequest(SERVICE, 'AddPortMapping', [
      ['NewRemoteHost', ''],
      ['NewExternalPort', 8443],
      ['NewProtocol', 'TCP'],
    ]);
    expect(headers).toEqual({
      'content-type': 'text/xml; charset="utf-8"',
      SOAPAction: `"${SERVICE}#AddPortMapping"`,
    });
    expect(body).toContain(
      `<u:AddPortMapping xmlns:u="${SERVICE}"><NewRemoteHost></NewRemoteHost><NewExternalPort>8443</NewExternalPort><NewProtocol>TCP</NewProtocol></u:AddPortMapping>`,
    );
  });

  test('escape what would be read as XML', () => {
    expect(soapRequest(SERVICE, 'A', [['D', 'a<b>&c']]).body).toContain('<D>a&lt;b&gt;&amp;c</D>');
  });
});

describe('answers', () => {
  test('are texts by name, whatever the prefixes', () => {
    const text =
      '<SOAP-ENV:Envelope><SOAP-ENV:Body><m:GetThingResponse><m:NewPort>007</m:NewPort><NewX/></m:GetThingResponse></SOAP-ENV:Body></SOAP-ENV:Envelope>';
    expect(Object.fromEntries(read(text))).toEqual({ NewPort: '007', NewX: '' });
  });

  test('count although they come with status 500', () => {
    expect(read(answerBody('GetThing', { A: 'b' }), 500).get('A')).toBe('b');
  });

  test.each([
    ['HTML', '<html><head><title>Login &lt;br&gt;</title></head></html>', 200, '"Login'],
    ['broken HTML', '<html><title>Router</title><br>', 200, '"Router"'],
    ['nothing', '', 200, 'and nothing'],
    ['JSON', '{"a":1}', 200, '{"a":1}'],
    ['a truncated answer', answerBody('GetThing', { A: 'b' }).slice(0, -13), 200, 'Unclosed'],
    ['the answer to another action', answerBody('GetOther', {}), 200, 'no GetThingResponse'],
    ['an envelope without a body', '<Envelope/>', 200, 'no SOAP envelope'],
    ['a document type', `<!DOCTYPE x>${answerBody('GetThing', {})}`, 200, 'document type'],
  ])('%s is one clear error', (_, text, status, words) => {
    const error = failure(text, status);
    expect(error).toMatchObject({ code: 'refused' });
    expect(error).not.toBeInstanceOf(UpnpFault);
    expect(error.message).toContain(words);
    expect(error.message).toContain('The gateway at 192.168.1.1 answered GetThing with HTTP 200');
  });

  test('a long page stays out of the message', () => {
    expect(failure(`<html><title>${'x'.repeat(50_000)}</title>`).message.length).toBeLessThan(500);
  });

  test('terminal sequences stay out of the message', () => {
    expect(failure('\u001b[2Jgone').message).not.toMatch(/\p{Cc}/u);
  });

  test.each([404, 405, 410])('HTTP %s means that the service is elsewhere', (status) => {
    expect(isElsewhere(failure('<html><title>Not Found</title></html>', status))).toBe(true);
    expect(isElsewhere(failure('<html></html>', 200))).toBe(false);
  });

  test('a wanted login is told as such', () => {
    expect(failure('', 401)).toMatchObject({ code: 'denied' });
  });
});

describe('faults', () => {
  const fault = (text: string, status = 500): UpnpFault => {
    const error = failure(text, status);
    if (error instanceof UpnpFault) return error;
    throw error;
  };

  test.each([500, 200])('with status %s', (status) => {
    expect(fault(faultBody(718, 'ConflictInMappingEntry'), status)).toMatchObject({
      upnp: 718,
      words: 'ConflictInMappingEntry',
      summary: 'UPnP error 718 (ConflictInMappingEntry).',
    });
  });

  test.each([
    [
      'as RouterOS writes it',
      '<s:Envelope><s:Body><s:Fault><s:faultCode>s:Client</s:faultCode><s:faultString>UPnPError</s:faultString><s:detail><u:UPnPError><u:errorCode>725</u:errorCode><u:errorDescription>OnlyPermanentLeasesSupported</u:errorDescription></u:UPnPError></s:detail></s:Fault></s:Body></s:Envelope>',
      725,
    ],
    [
      'with spaces around the code',
      '<Envelope><Body><Fault><detail><UPnPError><errorCode> 606 </errorCode></UPnPError></detail></Fault></Body></Envelope>',
      606,
    ],
    [
      'with a negative code',
      '<Envelope><Body><Fault><detail><UPnPError><errorCode>-911</errorCode></UPnPError></detail></Fault></Body></Envelope>',
      -911,
    ],
    [
      'without a code',
      '<Envelope><Body><Fault><faultcode>x</faultcode><faultstring>Internal Error</faultstring></Fault></Body></Envelope>',
      0,
    ],
    [
      'with a code that is none',
      '<Envelope><Body><Fault><detail><UPnPError><errorCode>lots</errorCode></UPnPError></detail></Fault></Body></Envelope>',
      0,
    ],
    [
      'without detail',
      '<Envelope><Body><Fault><UPnPError><errorCode>402</errorCode></UPnPError></Fault></Body></Envelope>',
      402,
    ],
  ])('%s', (_, text, code) => {
    expect(fault(text).upnp).toBe(code);
  });

  test('without UPnPError keep the words of SOAP', () => {
    expect(
      fault('<Envelope><Body><Fault><faultstring>No such thing</faultstring></Fault></Body></Envelope>')
        .words,
    ).toBe('No such thing');
  });
});
