import type { OwnAddress } from '../../../../provider/backends/upnp/interfaces';
import { trustedLocation } from '../../../../provider/backends/upnp/location';
import {
  answersAsGateway,
  LONGEST_DATAGRAM,
  readAnswer,
  SEARCH_TARGETS,
  searchMessage,
  udnOf,
} from '../../../../provider/backends/upnp/ssdp';
import { ssdpAnswer } from './scripted';

const IGD = 'urn:schemas-upnp-org:device:InternetGatewayDevice:1';
const read = (text: string) => readAnswer(Buffer.from(text, 'latin1'));

test('a search has its headers, quotes included, and ends with an empty line', () => {
  expect(searchMessage('239.255.255.250', IGD)).toBe(
    `M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: ${IGD}\r\n\r\n`,
  );
});

test('an answer is read', () => {
  expect(read(ssdpAnswer('http://192.168.1.1:5000/d.xml', IGD, 'uuid:ABC'))).toEqual({
    location: 'http://192.168.1.1:5000/d.xml',
    target: IGD,
    udn: 'uuid:abc',
    server: 'Test UPnP/1.1 Scripted/1',
    boot: '7',
  });
});

test('headers in any case, with bare line feeds and spaces, the first of each', () => {
  const text = `HTTP/1.1 200 OK\nlocation:http://192.168.1.1/a\nLOCATION: http://evil/\nst :  ${IGD}\nusn: x\n\n`;
  expect(read(text)).toMatchObject({
    location: 'http://192.168.1.1/a',
    target: IGD,
    udn: '',
    boot: null,
  });
});

test.each([
  ['an announcement', 'NOTIFY * HTTP/1.1\r\nLOCATION: http://192.168.1.1/\r\n\r\n'],
  ['another search', searchMessage('239.255.255.250', IGD)],
  ['an error', 'HTTP/1.1 500 No\r\nLOCATION: http://192.168.1.1/\r\n\r\n'],
  ['no location', 'HTTP/1.1 200 OK\r\nST: x\r\n\r\n'],
  ['nothing', ''],
  ['noise', '\xff\xfe\x00\x01'],
  [
    'a datagram beyond the limit',
    `HTTP/1.1 200 OK\r\nLOCATION: http://192.168.1.1/\r\nX: ${'x'.repeat(LONGEST_DATAGRAM)}\r\n\r\n`,
  ],
])('%s is no answer', (_, text) => {
  expect(read(text)).toBeNull();
});

test('what answers as a root device alone may be a television', () => {
  const targets = SEARCH_TARGETS.map((target) => read(ssdpAnswer('http://10.0.0.1/', target, 'uuid:a')));
  expect(targets.map((one) => one && answersAsGateway(one))).toEqual([true, true, true, true, true, false]);
  const other = read(ssdpAnswer('http://10.0.0.1/', 'urn:schemas-upnp-org:device:MediaServer:1', 'uuid:a'));
  expect(other && answersAsGateway(other)).toBe(false);
});

test.each([
  ['uuid:ABC-1::urn:x', 'uuid:abc-1'],
  ['uuid:abc', 'uuid:abc'],
  ['UUID:abc', 'uuid:abc'],
  ['abc', ''],
  ['uuid:', ''],
  ['uuid:a b', ''],
  [`uuid:${'a'.repeat(101)}`, ''],
])('the name in %j is %j', (text, udn) => {
  expect(udnOf(text)).toBe(udn);
});

describe('whom an answer may send us to', () => {
  const own: OwnAddress[] = [
    { interface: 'eth0', family: 4, address: '198.51.100.5', network: '198.51.100.0/24' },
    { interface: 'eth0', family: 6, address: '2001:db8:5::5', network: '2001:db8:5::/64' },
  ];
  const trusted = (location: string, sender: string) => trustedLocation(location, sender, own)?.href ?? null;

  test.each([
    ['http://192.168.1.1:5000/d.xml', '192.168.1.1'],
    ['http://10.0.0.138/d.xml', '10.0.0.138'],
    ['http://169.254.3.4/', '169.254.3.4'],
    ['http://127.0.0.1:5000/', '127.0.0.1'],
    // Not private, but on a network of ours.
    ['http://198.51.100.1/', '198.51.100.1'],
    ['http://[2001:db8:5::1]:5000/', '2001:db8:5::1'],
    ['http://[2001:db8:5::1]:5000/', 'fe80::1%eth0'],
    ['http://[fd00::1]/', 'fe80::1'],
  ])('%s from %s is followed', (location, sender) => {
    expect(trusted(location, sender)).toBe(location);
  });

  test.each([
    ['http://192.168.1.2/d.xml', '192.168.1.1'],
    ['http://203.0.113.1/d.xml', '203.0.113.1'],
    ['http://8.8.8.8/', '192.168.1.1'],
    ['http://169.254.169.254/latest/meta-data', '192.168.1.1'],
    ['http://127.0.0.1:8080/', '192.168.1.1'],
    ['http://localhost/', '127.0.0.1'],
    ['http://router.lan:5000/', '192.168.1.1'],
    ['https://192.168.1.1/', '192.168.1.1'],
    ['file:///etc/passwd', '192.168.1.1'],
    ['http://user:pw@192.168.1.1/', '192.168.1.1'],
    ['//192.168.1.1/', '192.168.1.1'],
    ['http://[::ffff:192.168.1.1]/', '192.168.1.1'],
    ['http://[2001:db8:6::1]/', 'fe80::1'],
    ['http://[2001:db8:5::2]/', '2001:db8:5::1'],
    ['http://192.168.1.1/', 'fe80::1'],
    ['', '192.168.1.1'],
    ['http://192.168.1.1/', 'not an address'],
  ])('%s from %s is not', (location, sender) => {
    expect(trusted(location, sender)).toBeNull();
  });
});
