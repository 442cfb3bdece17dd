import { parsePorts, printPorts } from '../../../provider/rule/ports';

const reason = (value: unknown): string => {
  const parsed = parsePorts(value);
  return 'reason' in parsed ? parsed.reason : `accepted as ${printPorts(parsed.spans)}`;
};

/** Every refusal tells what is accepted: the grammar, or the part of it that was missed. */
const ACCEPTED = /is outside 1-65535|; accepted: /;

describe('the ten bad ports are refused with the value, the fault, what is accepted and the meant value', () => {
  const grammar =
    '; accepted: a port 1-65535 (443), a range ("8000-8010") or a list of both ("80,443,8000-8010"), without spaces';
  test.each([
    [0, '0 is outside 1-65535', '', null],
    [65536, '65536 is outside 1-65535', '', null],
    [99999, '99999 is outside 1-65535', '', null],
    ['80abc', '"80abc" is not a port', grammar, '80'],
    ['abc80', '"abc80" is not a port', grammar, '80'],
    [
      '90-80',
      '"90-80" is a range that runs backwards',
      '; accepted: the lower port first ("8000-8010")',
      '"80-90"',
    ],
    ['70000-80000', '"70000-80000" is outside 1-65535', '', null],
    [-5, '-5 is not a port', grammar, '5'],
    ['--', '"--" is not a port', grammar, null],
    ['1-', '"1-" is a range without an end', '; accepted: its first and its last port ("8000-8010")', null],
  ])('%p', (value, fault, accepted, meant) => {
    const hint = meant === null ? '' : ` Did you mean ${meant}?`;
    expect(reason(value)).toBe(`${fault}${accepted}.${hint}`);
    if (typeof value === 'number')
      expect(reason(String(value))).toContain(`" ${fault.split(' ').slice(1).join(' ')}`);
  });
});

test.each([
  ['0', null],
  ['65536', null],
  ['-5', '5'],
  ['+80', '80'],
  [' 80', '80'],
  ['80 ', '80'],
  ['80\n', '80'],
  ['１', '1'],
  ['٣', null],
  ['1e3', '1000'],
  ['0x50', '80'],
  ['080', '80'],
  ['80.0', null],
  ['', null],
  [',', null],
  ['80,', '80'],
  ['80,,443', '"80,443"'],
  ['80, 443', '"80,443"'],
  ['80;443', '"80,443"'],
  ['80 443', '"80,443"'],
  ['8000:8010', '"8000-8010"'],
  ['8000–8010', '"8000-8010"'],
  ['8000 - 8010', '"8000-8010"'],
  ['1-2-3', null],
  ['-', null],
  ['-80-90', '"80-90"'],
  ['443/tcp', '443'],
  ['udp:53', '53'],
  ['https', '443'],
  ['80,80', '80'],
  ['80-90,85', '"80-90"'],
  ['80-90,90-95', '"80-95"'],
  ['any', null],
])('the text %j is refused, meant: %s', (value, meant) => {
  const text = reason(value);
  expect(text).toMatch(ACCEPTED);
  expect(/Did you mean (.*)\?$/.exec(text)?.[1] ?? null).toBe(meant);
});

test('what is accepted is told as far as the value went wrong', () => {
  expect(reason('80,80')).toBe('"80,80" names port 80 twice; accepted: each port once. Did you mean 80?');
  expect(reason('080')).toBe('"080" has a leading zero; accepted: the port without it. Did you mean 80?');
  expect(reason('80,,443')).toBe(
    '"80,,443" has a comma without a port beside it; accepted: one comma between two ports ("80,443"). Did you mean "80,443"?',
  );
});

test.each([
  [[80, 443], '[80,443]', '"80,443"'],
  [['80', '8000-8010'], '["80","8000-8010"]', '"80,8000-8010"'],
  [[443], '[443]', '443'],
  [[80, 80], '[80,80]', '80'],
  [[80, 99999], '[80,99999]', null],
  [[80, null], 'a list of 2', null],
  [[], 'a list of 0', null],
  [Array.from({ length: 3000 }, (_, index) => index + 1), 'a list of 3000', null],
])('the list %j is refused by showing the text that says it', (value, shown, meant) => {
  expect(reason(value)).toBe(
    `${shown} is not a port; accepted: a port 1-65535 (443), a range ("8000-8010") or a list of both ("80,443,8000-8010"), without spaces.${meant === null ? '' : ` Did you mean ${meant}?`}`,
  );
});

test.each([
  80.5,
  1e10,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  true,
  false,
  null,
  undefined,
  [],
  [80],
  {},
  80n,
  Symbol('p'),
])('%p is refused', (value) => {
  expect(reason(value)).toContain('is ');
  expect(reason(value)).toMatch(ACCEPTED);
});

test.each([
  [1, '1'],
  [65535, '65535'],
  ['443', '443'],
  ['8000-8010', '8000-8010'],
  ['80-80', '80'],
  ['1-65535', '1-65535'],
  ['443,80', '443,80'],
  ['80,443,8000-8010', '80,443,8000-8010'],
  ['80,81', '80,81'],
])('%p is accepted, in the order written', (value, printed) => {
  expect(reason(value)).toBe(`accepted as ${printed}`);
});

test('the fault in a list is pointed at', () => {
  expect(reason('80,443,90-80')).toContain('"80,443,90-80" is a range that runs backwards (at "90-80")');
});

test('a value of a megabyte is refused at once, and its message stays short', () => {
  for (const value of [
    '9'.repeat(1e6),
    '1-'.repeat(5e5),
    '80,'.repeat(3e5),
    ' '.repeat(1e6),
    'a'.repeat(1e6),
  ]) {
    expect(reason(value).length).toBeLessThan(400);
  }
});
