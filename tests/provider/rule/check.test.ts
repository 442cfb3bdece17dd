import { checkRule } from '../../../provider/rule/check';
import { PortforwardError } from '../../../provider/rule/error';
import { normalise } from '../../../provider/rule/normalise';
import { properties } from '../../../provider/rule/properties';
import { type LooseInputs, type RuleInputs, UNKNOWN } from '../../../provider/rule/rule';

const WEB: LooseInputs = { name: 'web', externalPort: 443, internalAddress: '192.168.1.10' };
const PINHOLE: LooseInputs = { name: 'web', externalPort: 443, internalAddress: '2001:db8::10' };

const reasons = (inputs: LooseInputs) =>
  checkRule(inputs).map(({ property, reason }) => `${property}: ${reason}`);

test('a right rule has no failures, with every property set', () => {
  expect(checkRule(WEB)).toEqual([]);
  expect(checkRule(PINHOLE)).toEqual([]);
  expect(
    checkRule({
      name: 'web-1.x_y',
      enabled: false,
      protocol: 'tcp+udp',
      externalPort: '80,443',
      wan: 'eth0.100',
      internalAddress: 'gateway',
      internalPort: '8080,8443',
      sources: ['192.0.2.0/24', '198.51.100.7'],
      hairpin: true,
      log: true,
      description: 'Anns Web: fünf; "sechs"',
      adopt: 'tcp:443',
      lease: 3600,
      allowManagementPorts: '22,443',
    }),
  ).toEqual([]);
});

test('the examples of the table are all accepted', () => {
  for (const { name, examples } of properties) {
    for (const example of examples) {
      const base = name === 'internalPort' ? { ...WEB, externalPort: example } : WEB;
      expect([name, example, checkRule({ ...base, [name]: example })]).toEqual([name, example, []]);
    }
  }
});

test('required properties that are missing are named, null counts as missing', () => {
  expect(reasons({ name: null })).toEqual([
    'name: is missing; accepted: 1-63 of A-Z a-z 0-9 . _ -.',
    expect.stringMatching(/^externalPort: is missing; accepted: a port/),
    expect.stringMatching(/^internalAddress: is missing; accepted: the IPv4/),
  ]);
  expect(checkRule({ ...WEB, wan: null, sources: undefined, internalPort: null })).toEqual([]);
});

test.each([
  ['external_port', 'externalPort'],
  ['externalport', 'externalPort'],
  ['exernalPort', 'externalPort'],
  ['port', 'externalPort'],
  ['targetPort', 'internalPort'],
  ['internalIp', 'internalAddress'],
  ['source', 'sources'],
  ['sourcs', 'sources'],
  ['prot', 'protocol'],
  ['Enabled', 'enabled'],
  ['comment', 'description'],
  ['hairPin', 'hairpin'],
])('an unknown property %s is refused, meant: %s', (name, meant) => {
  const [failure] = checkRule({ ...WEB, [name]: 1 });
  expect(failure?.property).toBe(name);
  expect(failure?.reason).toContain(
    `"${name}" is not a property of a rule; accepted: name, enabled, protocol`,
  );
  expect(failure?.reason).toContain(`Did you mean "${meant}"?`);
});

test.each(['schedule', 'x', '__proto__x', 'constructor', 'toString'])('nothing is guessed for %s', (name) => {
  const [failure] = checkRule({ ...WEB, [name]: 1 });
  expect(failure?.property).toBe(name);
  expect(failure?.reason).not.toContain('Did you mean');
});

test.each([
  ['name', 'my web', '"my web" is not a usable name', 'Did you mean "my-web"?'],
  ['name', 'a/b', 'is not a usable name', 'Did you mean "a-b"?'],
  ['name', 'x'.repeat(64), 'is not a usable name', 'accepted: 1-63'],
  ['name', '', '"" is not a usable name', 'accepted: 1-63'],
  ['enabled', 'true', '"true" is neither true nor false', 'Did you mean true?'],
  ['log', 0, '0 is neither true nor false', 'Did you mean false?'],
  ['protocol', 'TCP', '"TCP" is not a protocol', 'Did you mean "tcp"?'],
  ['protocol', 'both', '"both" is not a protocol', 'Did you mean "tcp+udp"?'],
  ['protocol', 'udp+tcp', '"udp+tcp" is not a protocol', 'Did you mean "tcp+udp"?'],
  ['protocol', 'tcp/udp', '"tcp/udp" is not a protocol', 'Did you mean "tcp+udp"?'],
  ['protocol', 'icmp', '"icmp" is not a protocol', 'accepted: "tcp", "udp" or "tcp+udp"'],
  ['wan', 'eth 0', '"eth 0" is neither an interface name nor an address', 'accepted: the name'],
  ['wan', 'averylongifname0', 'is neither an interface name', 'accepted: the name'],
  ['wan', '', '"" is neither', 'accepted: the name'],
  ['wan', '203.0.113.999', 'is neither', 'accepted: the name'],
  ['wan', '203.0.113.07', 'is neither', 'Did you mean "203.0.113.7"?'],
  ['wan', '127.0.0.1', 'is no public-side address (loopback)', 'accepted: the name'],
  ['internalAddress', '127.0.0.1', 'is a loopback address', 'Did you mean "gateway"?'],
  ['internalAddress', '::1', 'is a loopback address', 'Did you mean "gateway"?'],
  ['internalAddress', '224.0.0.1', 'is a multicast address', 'accepted: the IPv4'],
  ['internalAddress', 'ff02::1', 'is a multicast address', 'accepted: the IPv4'],
  ['internalAddress', '169.254.1.1', 'is a link-local address', 'accepted: the IPv4'],
  ['internalAddress', 'fe80::1', 'is a link-local address', 'accepted: the IPv4'],
  ['internalAddress', '0.0.0.0', 'is the unspecified address', 'accepted: the IPv4'],
  ['internalAddress', '::', 'is the unspecified address', 'accepted: the IPv4'],
  ['internalAddress', '255.255.255.255', 'is the broadcast address', 'accepted: the IPv4'],
  ['internalAddress', 'fe80::1%eth0', 'is not an address', 'accepted: the IPv4'],
  ['internalAddress', '192.168.001.010', 'is not an address', 'Did you mean "192.168.1.10"?'],
  ['internalAddress', '192.168.1.10/24', 'is not an address', 'Did you mean "192.168.1.10"?'],
  ['internalAddress', '192.168.1.10:80', 'is not an address', 'Did you mean "192.168.1.10"?'],
  ['internalAddress', '[2001:db8::10]:443', 'is not an address', 'Did you mean "2001:db8::10"?'],
  ['internalAddress', '::ffff:192.168.1.10', 'is not an address', 'Did you mean "192.168.1.10"?'],
  ['internalAddress', 'localhost', 'is not an address', 'Did you mean "gateway"?'],
  ['internalAddress', 'Gateway', 'is not an address', 'Did you mean "gateway"?'],
  ['internalAddress', 'nas.lan', 'is not an address', 'Host names are never looked up'],
  ['internalAddress', 42, '42 is not an address', 'accepted: the IPv4'],
  ['sources', [], 'An empty list would admit nobody', 'Leave sources out to admit everyone.'],
  ['sources', '192.0.2.0/24', 'is not a list', 'Did you mean ["192.0.2.0/24"]?'],
  [
    'sources',
    ['10.1.2.3/8'],
    'has address bits beyond its prefix',
    'Did you mean "10.0.0.0/8" (the network) or "10.1.2.3"',
  ],
  ['sources', ['set:friends'], '"set:<name>" is reserved', 'accepted: a list of networks'],
  ['sources', ['any'], '"any" is not a network', 'Leave sources out to admit everyone.'],
  ['sources', ['192.0.2.0/255.255.255.0'], 'is not a network', 'Did you mean "192.0.2.0/24"?'],
  ['sources', ['home.example.net'], 'is not a network', 'Host names are never looked up.'],
  ['sources', ['192.0.2.1', 7], '7 is not a network', 'accepted: a list of networks'],
  [
    'sources',
    ['::/0'],
    '"::/0" is IPv6, but the target "192.168.1.10" is reached over IPv4',
    'IPv4 networks only',
  ],
  ['description', 'two\nlines', 'has control characters', 'accepted: up to 255 characters on one line'],
  ['description', 'x'.repeat(256), 'has 256 characters', 'accepted: up to 255'],
  ['description', 'half \ud800', 'has control characters', 'accepted: up to 255'],
  ['adopt', '', '"" names no entry', 'accepted: the natural key'],
  ['adopt', ' tcp:443', 'names no entry', 'accepted: the natural key'],
  ['lease', 0, '0 is no duration', 'accepted: a whole number of seconds'],
  ['lease', 1.5, '1.5 is no duration', 'accepted: a whole number'],
  ['lease', '3600', '"3600" is no duration', 'Did you mean 3600?'],
  ['allowManagementPorts', '22,22', 'names port 22 twice', 'Did you mean 22?'],
])('%s %j is refused', (property, value, fault, next) => {
  const failures = checkRule({ ...WEB, [property]: value });
  expect(failures.map((failure) => failure.property)).toEqual([property]);
  expect(failures[0]?.reason).toContain(fault);
  expect(failures[0]?.reason).toContain(next);
});

describe('internalPort', () => {
  const check = (externalPort: unknown, internalPort: unknown) =>
    reasons({ ...WEB, externalPort, internalPort });

  test.each([
    [443, 8443],
    [443, '443'],
    ['443', 443],
    ['80,443', '8080,8443'],
    ['80,443', '8080,8080'],
    ['8000-8010', '9000-9010'],
    ['80,8000-8010', '8080,8000-8010'],
    ['80-80', 8080],
  ])('%j to %j is right', (external, internal) => {
    expect(check(external, internal)).toEqual([]);
  });

  test('one number for several ports shows both spellings', () => {
    expect(check('80,443', 8080)).toEqual([
      'internalPort: 8080 is one port for the several of externalPort "80,443". Either write "8080,8443" to give each its own, or write "8080,8080" to send all of them to 8080.',
    ]);
    expect(check('8000-8002', 9000)).toEqual([
      'internalPort: 9000 is one port for the several of externalPort "8000-8002". Either write "9000-9002" to give each its own, or write every port out, externalPort "8000,8001,8002" and internalPort "9000,9000,9000", to send all of them to 9000.',
    ]);
    expect(check('1-65535', 9000)[0]).toContain('write as many ports as there are outside');
  });

  test('both spellings shown are accepted as they stand', () => {
    expect(check('80,443', '8080,8443')).toEqual([]);
    expect(check('80,443', '8080,8080')).toEqual([]);
    expect(check('8000-8002', '9000-9002')).toEqual([]);
    expect(check('8000,8001,8002', '9000,9000,9000')).toEqual([]);
  });

  test.each([
    ['80,443', '8080', 'is one port for the several'],
    ['8000-8010', '9000-9009', 'has ranges of other lengths than externalPort "8000-8010"'],
    ['80,443', '8080-8081', 'has 1 piece where there are 2 in externalPort "80,443"'],
    ['80-81', '8080,8081', 'has 2 pieces where there is 1 in externalPort "80-81"'],
    [443, '8443,8444', 'has 2 pieces where there is 1'],
  ])('%j to %j is refused', (external, internal, fault) => {
    expect(check(external, internal)[0]).toContain(fault);
  });

  test('a pinhole must keep its ports', () => {
    expect(reasons({ ...PINHOLE, internalPort: 443 })).toEqual([]);
    expect(reasons({ ...PINHOLE, internalPort: 8443 })).toEqual([
      'internalPort: 8443 differs from externalPort 443, but a pinhole to an IPv6 host translates nothing; accepted: the same, or leave internalPort out.',
    ]);
    // the same ports in other spellings are the same ports
    expect(reasons({ ...PINHOLE, externalPort: '80,443', internalPort: '80-80,443' })).toEqual([]);
  });
});

test('a wan address must be one that the target can be reached at', () => {
  expect(reasons({ ...WEB, wan: '203.0.113.7' })).toEqual([]);
  expect(reasons({ ...WEB, wan: '2001:db8::1' })[0]).toMatch(/^wan: .*accepted: an IPv4 address or the name/);
  expect(reasons({ ...PINHOLE, wan: '2001:db8::1' })[0]).toMatch(
    /^wan: .*the public address of a pinhole is its/,
  );
  expect(reasons({ ...PINHOLE, wan: 'wan1' })).toEqual([]);
});

describe('unknown values', () => {
  test('pass alone and beside every other value', () => {
    const full: LooseInputs = {
      ...WEB,
      internalPort: 8443,
      sources: ['192.0.2.0/24'],
      wan: 'wan1',
      adopt: 'tcp:1',
      lease: 60,
      allowManagementPorts: 22,
    };
    for (const { name } of properties) {
      expect([name, checkRule({ ...full, [name]: UNKNOWN })]).toEqual([name, []]);
    }
    expect(checkRule(Object.fromEntries(properties.map(({ name }) => [name, UNKNOWN])))).toEqual([]);
  });

  test('inside a list leave the other elements checked', () => {
    expect(checkRule({ ...WEB, sources: [UNKNOWN] })).toEqual([]);
    expect(checkRule({ ...WEB, sources: [UNKNOWN, '192.0.2.1'] })).toEqual([]);
    expect(reasons({ ...WEB, sources: [UNKNOWN, '10.1.2.3/8'] })[0]).toContain('has address bits');
    expect(reasons({ ...WEB, sources: ['::1', UNKNOWN] })[0]).toContain('is IPv6');
  });

  test('do not hide what is wrong elsewhere', () => {
    expect(reasons({ ...WEB, externalPort: UNKNOWN, internalPort: '90-80' })[0]).toContain('runs backwards');
    expect(reasons({ ...WEB, internalAddress: UNKNOWN, sources: [] })[0]).toContain('An empty list');
  });
});

test('all failures are told at once, each property once', () => {
  const failures = checkRule({
    name: 'a b',
    externalPort: 0,
    internalAddress: 'x',
    internalPort: '1-',
    sources: [],
  });
  expect(failures.map(({ property }) => property)).toEqual([
    'name',
    'externalPort',
    'internalAddress',
    'internalPort',
    'sources',
  ]);
});

test('normalise throws one error that lists every failure', () => {
  const wrong = { name: 'web', externalPort: 0, internalAddress: '127.0.0.1' } as RuleInputs;
  expect(() => normalise(wrong)).toThrow(PortforwardError);
  expect(() => normalise(wrong)).toThrow(
    /^Rule "web": externalPort: 0 is outside.*internalAddress: "127.0.0.1" is a loop/,
  );
  try {
    normalise({ ...wrong, externalPort: 80 });
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid', property: 'internalAddress' });
  }
});

test('normalise refuses what is not known yet, in every place', () => {
  for (const { name } of properties) {
    const inputs = { ...WEB, [name]: UNKNOWN } as unknown as RuleInputs;
    expect(() => normalise(inputs)).toThrow(`${name} of rule`);
  }
  expect(() => normalise({ ...WEB, sources: [UNKNOWN] } as unknown as RuleInputs)).toThrow(
    'sources of rule "web" is not',
  );
});

test('the table can be trusted by those who derive from it', () => {
  expect(new Set(properties.map(({ name }) => name)).size).toBe(properties.length);
  for (const row of properties) {
    expect(row.secret).toBe(false);
    expect(row.steers).toBe(['adopt', 'lease', 'allowManagementPorts'].includes(row.name));
    expect(row.id).toBe(row.name === 'name');
    // an unset property is an error, a default, what another one says, or told in words
    const told = [row.required || undefined, row.default, row.sameAs, row.unset];
    expect([row.name, told.filter((one) => one !== undefined).length]).toEqual([row.name, 1]);
    if (row.default !== undefined) expect(row.read(row.default)).toEqual({ value: row.default });
    for (const alias of row.aliases) expect(properties.some(({ name }) => name === alias)).toBe(false);
  }
});
