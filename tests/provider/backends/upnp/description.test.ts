import { readDescription } from '../../../../provider/backends/upnp/description';

const AT = new URL('http://192.168.1.1:5000/rootDesc.xml');
const TYPE = 'urn:schemas-upnp-org';

const service = (type: string, control = `/ctl/${type}`, id = type) =>
  `<service><serviceType>${TYPE}:service:${type}</serviceType><serviceId>urn:upnp-org:serviceId:${id}</serviceId><controlURL>${control}</controlURL></service>`;
const device = (type: string, inner: string, extra = '') =>
  `<device><deviceType>${TYPE}:device:${type}</deviceType>${extra}${inner}</device>`;
const services = (...all: string[]) => `<serviceList>${all.join('')}</serviceList>`;
const devices = (...all: string[]) => `<deviceList>${all.join('')}</deviceList>`;
const igd = (
  version: number,
  connection: string,
  extra = '<UDN>uuid:ABC-1</UDN><modelName>Box</modelName>',
) =>
  device(
    `InternetGatewayDevice:${version}`,
    devices(
      device(`WANDevice:${version}`, devices(device(`WANConnectionDevice:${version}`, services(connection)))),
    ),
    extra,
  );
const root = (inner: string) => `<?xml version="1.0"?><root xmlns="${TYPE}:device-1-0">${inner}</root>`;
const read = (inner: string, at = AT) => readDescription(root(inner), at);

test('IGD 1 and 2, their services and where these are spoken to', () => {
  expect(read(igd(1, service('WANIPConnection:1', '/ctl/IP', 'WANIPConn1')))).toMatchObject({
    udn: 'uuid:abc-1',
    model: 'Box',
    version: 1,
    firewall: null,
    connections: [{ type: `${TYPE}:service:WANIPConnection:1`, id: 'WANIPConn1' }],
  });
  const two = read(igd(2, service('WANIPConnection:2') + service('WANIPv6FirewallControl:1')));
  expect(two?.version).toBe(2);
  expect(two?.connections[0]?.control.href).toBe('http://192.168.1.1:5000/ctl/WANIPConnection:2');
  expect(two?.firewall?.control.href).toBe('http://192.168.1.1:5000/ctl/WANIPv6FirewallControl:1');
});

test('IP before PPP, version 2 before version 1, and each once', () => {
  const text = igd(
    2,
    service('WANPPPConnection:1') + service('WANIPConnection:1') + service('WANIPConnection:2'),
  );
  expect(read(text)?.connections.map(({ type }) => type.split(':').slice(-2).join(':'))).toEqual([
    'WANIPConnection:2',
    'WANIPConnection:1',
    'WANPPPConnection:1',
  ]);
});

test('a gateway inside another device, with several WANs', () => {
  const wan = (id: string) =>
    device(
      'WANDevice:1',
      devices(device('WANConnectionDevice:1', services(service('WANIPConnection:1', `/${id}`, id)))),
    );
  const text = device(
    'MediaServer:1',
    devices(device('InternetGatewayDevice:1', devices(wan('dsl'), wan('lte')), '<UDN>uuid:in</UDN>')),
    '<UDN>uuid:out</UDN>',
  );
  expect(read(text)).toMatchObject({ udn: 'uuid:in', connections: [{ id: 'dsl' }, { id: 'lte' }] });
});

test.each([
  ['nothing of it', '', 'http://192.168.1.1:5000/ctl/x'],
  ['a relative URL', 'ctl/x', 'http://192.168.1.1:5000/ctl/x'],
  ['an absolute URL', 'http://192.168.1.1:49000/ctl/x', 'http://192.168.1.1:49000/ctl/x'],
])('control URLs: %s', (_, control, href) => {
  expect(read(igd(1, service('WANIPConnection:1', control || '/ctl/x')))?.connections[0]?.control.href).toBe(
    href,
  );
});

test('relative to URLBase where there is one, else to where the description is', () => {
  const base = '<URLBase>http://192.168.1.1:49152/gw/</URLBase>';
  const at = new URL('http://192.168.1.1:5000/deep/desc.xml');
  const text = igd(1, service('WANIPConnection:1', 'ctl'));
  expect(read(base + text, at)?.connections[0]?.control.href).toBe('http://192.168.1.1:49152/gw/ctl');
  expect(read(text, at)?.connections[0]?.control.href).toBe('http://192.168.1.1:5000/deep/ctl');
  expect(read(`<URLBase></URLBase>${text}`, at)?.connections[0]?.control.href).toBe(
    'http://192.168.1.1:5000/deep/ctl',
  );
});

test.each([
  ['another host', service('WANIPConnection:1', 'http://192.168.1.2/ctl'), ''],
  ['a server on the internet', service('WANIPConnection:1', 'http://203.0.113.9/ctl'), ''],
  ['a name', service('WANIPConnection:1', 'http://router.lan/ctl'), ''],
  ['another host without a scheme', service('WANIPConnection:1', '//192.168.1.2/ctl'), ''],
  ['another protocol', service('WANIPConnection:1', 'https://192.168.1.1/ctl'), ''],
  ['a file', service('WANIPConnection:1', 'file:///etc/passwd'), ''],
  ['a login', service('WANIPConnection:1', 'http://user:pw@192.168.1.1/ctl'), ''],
  ['nowhere', service('WANIPConnection:1', ' '), ''],
  ['another host by URLBase', service('WANIPConnection:1', '/ctl'), '<URLBase>http://192.168.1.2/</URLBase>'],
  ['a host whose address looks like it', service('WANIPConnection:1', 'http://192.168.1.10/ctl'), ''],
])('a description that sends us to %s is refused', (_, text, base) => {
  expect(() => read(base + igd(1, text))).toThrow(/sends us to another host/);
});

test('the very same host in another spelling is the same', () => {
  const text = igd(1, service('WANIPConnection:1', 'http://3232235777/ctl'));
  expect(read(text)?.connections[0]?.control.host).toBe('192.168.1.1');
});

test.each([
  ['another device', device('MediaServer:1', services(service('WANIPConnection:1')))],
  ['a gateway that cannot forward', igd(1, service('Layer3Forwarding:1'))],
  ['an empty root', ''],
])('%s is no gateway', (_, text) => {
  expect(read(text)).toBeNull();
});

test.each([
  ['HTML', '<html><p>'],
  ['nothing', ''],
  ['a document type', `<!DOCTYPE x>${root(igd(1, service('WANIPConnection:1')))}`],
])('%s is no description', (_, text) => {
  expect(() => readDescription(text, AT)).toThrow(/is no XML/);
});

test('names for people are cut, and hold nothing that steers a terminal', () => {
  const extra = `<friendlyName>\u202eBox${'x'.repeat(500)}</friendlyName><modelName>B&#27;[2J</modelName>`;
  const model = read(igd(1, service('WANIPConnection:1'), extra))?.model ?? '';
  expect(model.length).toBeLessThan(450);
  expect(model).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});

test('a name that says nothing gives none', () => {
  expect(read(igd(1, service('WANIPConnection:1'), '<UDN>none</UDN>'))).toMatchObject({
    udn: null,
    model: 'UPnP gateway',
  });
});

test('miniupnpd is known by whatever it calls itself inside, and is not relied on for sources', () => {
  const text = igd(
    2,
    service('WANIPConnection:2'),
    '<UDN>uuid:a</UDN><friendlyName>OpenWrt router</friendlyName>',
  );
  const inner = '<modelDescription>MiniUPnP daemon</modelDescription><serviceList>';
  expect(read(text)?.limitsSources).toBe(true);
  expect(read(text.replace('<serviceList>', inner))?.limitsSources).toBe(false);
});
