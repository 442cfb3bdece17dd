import {
  aggregate,
  type Cidr,
  cidrContains,
  cidrsOverlap,
  classify,
  parseAddress,
  parseCidr,
  printAddress,
  printCidr,
} from '../../../provider/rule/address';

const print = (text: string): string | null => {
  const address = parseAddress(text);
  return address && printAddress(address);
};

test.each(['0.0.0.0', '192.168.1.10', '255.255.255.255'])('%s is an address', (text) => {
  expect(print(text)).toBe(text);
});

// RFC 5952, sections 4.1 to 4.3
test.each([
  ['2001:0db8::0001', '2001:db8::1'],
  ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['2001:DB8::A', '2001:db8::a'],
  ['::', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
  ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
])('%s prints as %s', (text, printed) => {
  expect(print(text)).toBe(printed);
});

test.each([
  '',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.256',
  '01.2.3.4',
  '1.2.3.04',
  '0x7f.0.0.1',
  '2130706433',
  '1.2.3.4 ',
  ' 1.2.3.4',
  '1.2.3.4\n',
  '1.2.3.-4',
  '１.2.3.4',
  'localhost',
  ':',
  ':::',
  '1:2',
  '1::2::3',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8::',
  '1:2:3:4::5:6:7:8',
  ':1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:',
  '12345::',
  'g::',
  '::1%eth0',
  'fe80::1%1',
  '[::1]',
  '::1/128',
  '::ffff:192.0.2.1',
  '::FFFF:c000:201',
  '0:0:0:0:0:ffff:1.2.3.4',
  '1.2.3.4::',
  '::1.2.3.4:5',
  '::1.2.3.04',
])('%j is no address', (text) => {
  expect(parseAddress(text)).toBeNull();
});

test.each([null, undefined, 1, {}, ['1.2.3.4']])('%p is no address', (value) => {
  expect(parseAddress(value)).toBeNull();
  expect(parseCidr(value)).toBeNull();
});

test.each([
  ['0.0.0.0', 'unspecified'],
  ['0.1.2.3', 'unspecified'],
  ['127.0.0.1', 'loopback'],
  ['127.255.0.1', 'loopback'],
  ['169.254.1.1', 'link-local'],
  ['224.0.0.1', 'multicast'],
  ['239.255.255.255', 'multicast'],
  ['255.255.255.255', 'broadcast'],
  ['10.0.0.1', 'private'],
  ['172.31.0.1', 'private'],
  ['172.32.0.1', 'global'],
  ['192.168.0.1', 'private'],
  ['100.64.0.1', 'shared'],
  ['100.128.0.1', 'global'],
  ['8.8.8.8', 'global'],
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['fe80::1', 'link-local'],
  ['febf::1', 'link-local'],
  ['ff02::1', 'multicast'],
  ['fd00::1', 'private'],
  ['2001:db8::1', 'global'],
])('%s is %s', (text, kind) => {
  expect(classify(parseAddress(text) as NonNullable<ReturnType<typeof parseAddress>>)).toBe(kind);
});

test.each([
  ['10.0.0.0/8', '10.0.0.0/8'],
  ['192.0.2.1', '192.0.2.1/32'],
  ['2001:DB8::1', '2001:db8::1/128'],
  ['2001:db8::/32', '2001:db8::/32'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['::/0', '::/0'],
])('%s is the network %s', (text, printed) => {
  expect(printCidr(parseCidr(text) as Cidr)).toBe(printed);
});

test.each([
  '10.0.0.1/8',
  '10.0.0.0/33',
  '10.0.0.0/08',
  '10.0.0.0/',
  '10.0.0.0/-1',
  '10.0.0.0/8/8',
  '/8',
  '2001:db8::1/64',
  '::/129',
  '::ffff:0:0/96',
  '10/8',
])('%j is no network', (text) => {
  expect(parseCidr(text)).toBeNull();
});

test('networks contain and overlap by family', () => {
  const wide = parseCidr('10.0.0.0/8') as Cidr;
  const narrow = parseCidr('10.1.0.0/16') as Cidr;
  const beside = parseCidr('11.0.0.0/8') as Cidr;
  const all6 = parseCidr('::/0') as Cidr;
  expect(cidrsOverlap(wide, narrow)).toBe(true);
  expect(cidrsOverlap(narrow, wide)).toBe(true);
  expect(cidrsOverlap(wide, beside)).toBe(false);
  expect(cidrsOverlap(wide, all6)).toBe(false);
  expect(cidrContains(wide, { family: 4, value: 0x0affffffn })).toBe(true);
  expect(cidrContains(wide, { family: 4, value: 0x0b000000n })).toBe(false);
  expect(cidrContains(all6, { family: 4, value: 0n })).toBe(false);
});

test('aggregate joins, drops what is contained, sorts, and keeps families apart', () => {
  expect(
    aggregate(['2001:db8::/33', '10.128.0.0/9', '2001:db8:8000::/33', '10.0.0.0/9', '10.1.2.3', '9.0.0.0/8']),
  ).toEqual(['9.0.0.0/8', '10.0.0.0/8', '2001:db8::/32']);
  // neighbours of one size that are no halves of one network stay apart
  expect(aggregate(['10.0.1.0/24', '10.0.2.0/24'])).toEqual(['10.0.1.0/24', '10.0.2.0/24']);
  expect(aggregate(['0.0.0.0/1', '128.0.0.0/1'])).toEqual(['0.0.0.0/0']);
  expect(aggregate([])).toEqual([]);
  expect(() => aggregate(['10.0.0.1/8'])).toThrow(RangeError);
});
