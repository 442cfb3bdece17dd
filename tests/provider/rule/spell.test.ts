import { diff } from '../../../provider/rule/diff';
import { differences } from '../../../provider/rule/equal';
import { fold } from '../../../provider/rule/expand';
import { normalise } from '../../../provider/rule/normalise';
import { type Forward, type RuleInputs, UNKNOWN } from '../../../provider/rule/rule';
import { spell } from '../../../provider/rule/spell';

const RECORDED: RuleInputs = {
  name: 'web',
  externalPort: '443,80',
  internalAddress: '192.168.1.10',
  internalPort: '8443,8080',
  sources: ['198.51.100.7', '192.0.2.0/25', '192.0.2.128/25'],
  description: 'Ann',
  adopt: 'tcp:443',
  lease: 600,
  allowManagementPorts: '22, 443',
};
const live = (change: Partial<RuleInputs>): Forward =>
  normalise({ ...RECORDED, allowManagementPorts: 22, ...change }).forward;

test.each<[string, Partial<RuleInputs>, Partial<RuleInputs>]>([
  ['nothing', {}, {}],
  ['enabled', { enabled: false }, { enabled: false }],
  ['protocol', { protocol: 'tcp+udp' }, { protocol: 'tcp+udp' }],
  [
    'one internal port, in the order of the old spelling',
    { internalPort: '9443,8080' },
    { internalPort: '9443,8080' },
  ],
  ['external ports', { externalPort: '444,81' }, { externalPort: '81,444', internalPort: '8080,8443' }],
  ['wan', { wan: 'wan2' }, { wan: 'wan2' }],
  ['target', { internalAddress: '192.168.1.11' }, { internalAddress: '192.168.1.11' }],
  ['sources', { sources: ['192.0.2.0/24'] }, { sources: ['192.0.2.0/24'] }],
  ['hairpin that nobody asked for', { hairpin: true }, {}],
  ['log', { log: true }, { log: true }],
  ['description', { description: '' }, { description: '' }],
])('drift of %s alone is spelled, the rest echoed', (_, change, expected) => {
  expect(spell(live(change), RECORDED)).toEqual({ ...RECORDED, ...expected });
});

test('sources that vanished are written out: everyone is let in', () => {
  const everyone = { ...live({}), sources: null };
  expect(spell(everyone, RECORDED).sources).toEqual(['0.0.0.0/0']);
  expect(spell(everyone, { ...RECORDED, sources: ['0.0.0.0/0'] }).sources).toEqual(['0.0.0.0/0']);
  const { sources, ...open } = RECORDED;
  expect(sources).toBeDefined();
  expect(spell(everyone, open)).toEqual(open);
  const pinhole = normalise({ name: 'web', externalPort: 443, internalAddress: '2001:db8::1' }).forward;
  expect(
    spell(pinhole, {
      name: 'web',
      externalPort: 443,
      internalAddress: '2001:DB8::1',
      sources: ['2001:db8::/48'],
    }),
  ).toEqual({
    name: 'web',
    externalPort: 443,
    internalAddress: '2001:DB8::1',
    sources: ['::/0'],
  });
});

test('internal ports that follow the external ones stay unset while they do', () => {
  const plain: RuleInputs = { name: 'web', externalPort: 443, internalAddress: '192.168.1.10' };
  const moved = (change: Partial<RuleInputs>) => spell(normalise({ ...plain, ...change }).forward, plain);
  expect(moved({ externalPort: 444 })).toEqual({ ...plain, externalPort: 444 });
  expect(moved({ externalPort: 444, internalPort: 443 })).toEqual({
    ...plain,
    externalPort: 444,
    internalPort: 443,
  });
  expect(moved({ internalPort: 8443 })).toEqual({ ...plain, internalPort: 8443 });
});

test('a range that now goes to two places is written as two', () => {
  const range: RuleInputs = { name: 'web', externalPort: '8000-8003', internalAddress: '192.168.1.10' };
  const torn = normalise({
    ...range,
    externalPort: '8000-8001,8002-8003',
    internalPort: '8000-8001,9002-9003',
  }).forward;
  expect(spell(torn, range)).toEqual({
    ...range,
    externalPort: '8000-8001,8002-8003',
    internalPort: '8000-8001,9002-9003',
  });
});

test('hairpin: what was asked for is compared, what is not told is not', () => {
  const asked = { ...RECORDED, hairpin: true };
  expect(spell({ ...live({}), hairpin: false }, asked).hairpin).toBe(false);
  expect(spell({ ...live({}), hairpin: null }, asked).hairpin).toBe(true);
  expect(differences({ ...live({}), hairpin: true }, { ...live({}), hairpin: null })).toEqual([]);
  expect(differences({ ...live({}), hairpin: null }, { ...live({}), hairpin: false })).toEqual([]);
  expect(differences({ ...live({}), hairpin: true }, { ...live({}), hairpin: false })).toEqual(['hairpin']);
});

describe('entries of one rule that disagree', () => {
  const both = live({ protocol: 'tcp+udp' });
  const part = (protocol: 'tcp' | 'udp', change: Partial<Forward> = {}): Forward => ({
    ...both,
    traffic: both.traffic.filter((one) => one.protocol === protocol),
    ...change,
  });
  const recorded: RuleInputs = { ...RECORDED, protocol: 'tcp+udp' };
  const spelled = (...parts: Forward[]) => spell(fold(parts), recorded);

  test('agreeing ones say nothing', () => {
    expect(spelled(part('tcp'), part('udp'))).toEqual(recorded);
  });

  test.each<[string, Partial<Forward>, string]>([
    ['enabled', { enabled: false }, 'tcp:80,443: true; udp:80,443: false'],
    ['wan', { wan: 'wan2' }, 'tcp:80,443: every WAN; udp:80,443@wan2: wan2'],
    ['internalAddress', { target: { kind: 'gateway' } }, 'tcp:80,443: 192.168.1.10; udp:80,443: gateway'],
    ['log', { log: true }, 'tcp:80,443: false; udp:80,443: true'],
    ['description', { description: '' }, 'tcp:80,443: "Ann"; udp:80,443: ""'],
  ])('%s says what each does', (name, change, text) => {
    expect(spelled(part('tcp'), part('udp', change))).toEqual({ ...recorded, [name]: text });
  });

  test('sources say for which ports', () => {
    const mixed = spelled(part('tcp'), part('udp', { sources: null }));
    expect(mixed.sources).toMatch(
      /^tcp:80: 192\.0\.2\.0\/24,198\.51\.100\.7\/32; tcp:443: .*; udp:80: everyone; udp:443: everyone$/,
    );
  });

  test('a protocol that is gone is the protocol alone', () => {
    expect(spelled(part('tcp'))).toEqual({ ...recorded, protocol: 'tcp' });
  });

  test('protocols with other ports say so, for inside and outside', () => {
    const other = part('udp', {
      traffic: [{ protocol: 'udp', ports: [{ from: 53, to: 53, target: 5353 }] }],
    });
    const result = spelled(part('tcp'), other);
    expect(result.externalPort).toBe('tcp:80,443; udp:53');
    expect(result.internalPort).toBe('tcp:8080,8443; udp:5353');
    expect(result.protocol).toBe('tcp+udp');
    // and it can be spelled again, and compared with what the program says
    expect(spell(fold([part('tcp'), other]), result)).toEqual(result);
    expect(diff({ ...result }, { ...recorded })).toEqual(['externalPort', 'internalPort']);
  });

  test('two entries for one port that go to two places say so', () => {
    const twice = part('tcp', { traffic: [{ protocol: 'tcp', ports: [{ from: 443, to: 443, target: 1 }] }] });
    expect(spelled(part('tcp'), twice, part('udp')).internalPort).toContain('tcp:443: 1 and 8443');
  });
});

describe('diff', () => {
  test.each<[Partial<RuleInputs>, string[]]>([
    [{ externalPort: '80,443', internalPort: '8080,8443' }, []],
    [{ enabled: true, protocol: 'tcp', log: false }, []],
    [{ sources: ['192.0.2.0/24', '198.51.100.7/32'] }, []],
    [{ adopt: 'udp:1' }, []],
    [{ allowManagementPorts: '443,22' }, []],
    [{ allowManagementPorts: 22 }, ['allowManagementPorts']],
    [{ lease: 700 }, ['lease']],
    [{ name: 'web2' }, ['name']],
    [{ description: 'ann' }, ['description']],
    [{ hairpin: false }, ['hairpin']],
    [{ internalPort: '8443,8081' }, ['internalPort']],
  ])('%j changes %j', (change, names) => {
    const before = { ...RECORDED, allowManagementPorts: '22,443' };
    expect(diff(before, { ...before, ...change })).toEqual(names);
  });

  test('unset and null are the default', () => {
    const plain = { name: 'web', externalPort: 443, internalAddress: '192.168.1.10' };
    expect(
      diff(plain, { ...plain, enabled: null, internalPort: '443', wan: undefined, sources: ['0.0.0.0/0'] }),
    ).toEqual([]);
  });

  test('an unknown element of a list, and unknown ports beside known ones', () => {
    const loose = { ...RECORDED };
    expect(diff(loose, { ...loose, sources: ['192.0.2.0/24', UNKNOWN] })).toEqual(['sources']);
    // two unknown values need not be the same one
    expect(diff({ ...loose, wan: UNKNOWN }, { ...loose, wan: UNKNOWN })).toEqual(['wan']);
    const one = { name: 'web', externalPort: 443, internalAddress: '192.168.1.10', internalPort: 8443 };
    expect(diff(one, { ...one, externalPort: UNKNOWN })).toEqual(['externalPort']);
    expect(diff(loose, { ...loose, externalPort: UNKNOWN })).toEqual(['externalPort', 'internalPort']);
    expect(
      diff({ ...one, internalPort: undefined }, { ...one, internalPort: undefined, externalPort: UNKNOWN }),
    ).toEqual(['externalPort', 'internalPort']);
  });
});
