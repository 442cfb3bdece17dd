import { parsePorts, printPorts } from '../../../provider/rule/ports';

const reason = (value: unknown): string => {
  const parsed = parsePorts(value);
  return 'reason' in parsed ? parsed.reason : `accepted as ${printPorts(parsed.spans)}`;
};

describe('the ten bad ports are refused with the value, the fault, what is accepted and the meant value', () => {
  test.each([
    [0, '0 is outside 1-65535', null],
    [65536, '65536 is outside 1-65535', null],
    [99999, '99999 is outside 1-65535', null],
    ['80abc', '"80abc" is not a port', '80'],
    ['abc80', '"abc80" is not a port', '80'],
    ['90-80', '"90-80" is a range that runs backwards', '"80-90"'],
    ['70000-80000', '"70000-80000" is outside 1-65535', null],
    [-5, '-5 is not a port', '5'],
    ['--', '"--" is not a port', null],
    ['1-', '"1-" is a range without an end', null],
  ])('%p', (value, fault, meant) => {
    const hint = meant === null ? '' : ` Did you mean ${meant}?`;
    expect(reason(value)).toBe(
      `${fault}; accepted: a port 1-65535 (443), a range ("8000-8010") or a list of both ("80,443,8000-8010"), without spaces.${hint}`,
    );
    if (typeof value === 'number') expect(reason(String(value))).toContain('; accepted: ');
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
  expect(text).toContain('; accepted: a port 1-65535');
  expect(/Did you mean (.*)\?$/.exec(text)?.[1] ?? null).toBe(meant);
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
  expect(reason(value)).toContain('; accepted: a port 1-65535');
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
