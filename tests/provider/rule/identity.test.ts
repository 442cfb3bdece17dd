import {
  adoptMatches,
  contentHash,
  defaultOwner,
  makeTag,
  naturalKey,
  parseTag,
  ruleId,
  splitId,
  tagOf,
} from '../../../provider/rule/identity';
import { normalise } from '../../../provider/rule/normalise';
import type { Forward, RuleInputs } from '../../../provider/rule/rule';

const forward = (inputs: Partial<RuleInputs>): Forward =>
  normalise({ name: 'web', externalPort: 443, internalAddress: '192.168.1.10', ...inputs }).forward;

describe('ids', () => {
  test('are owner and name, split at the last slash', () => {
    expect(defaultOwner('home', 'dev')).toBe('home/dev');
    expect(ruleId('home/dev', 'web')).toBe('home/dev/web');
    expect(splitId('home/dev/web')).toEqual({ owner: 'home/dev', name: 'web' });
    expect(splitId('o/web')).toEqual({ owner: 'o', name: 'web' });
  });

  test.each(['', 'web', '/web', 'o/', 'a//b', 'a b/web', 'o/we b', '/a/web', 'o\n/web'])(
    '%j is no id',
    (text) => {
      expect(splitId(text)).toBeNull();
    },
  );

  test.each(['', '/', 'a/', '/a', 'a//b', 'a b', 'a\nb', 'ä', 'x'.repeat(201)])(
    'the owner %j is refused',
    (owner) => {
      expect(() => ruleId(owner, 'web')).toThrow('is not a usable owner; accepted: 1-200 of');
    },
  );

  test('a bad name is refused too', () => {
    expect(() => ruleId('o', 'a/b')).toThrow('is not a usable name');
    expect(() => defaultOwner('my project', 'dev')).toThrow('is not a usable owner');
  });
});

describe('tags, which devices hold for ever', () => {
  test('the very text, computed by hand with sha256sum', () => {
    const id = 'home/dev/web';
    // printf %s 'home/dev/web' | sha256sum
    expect(tagOf(id)).toBe('b4a0b96caf223336');
    // printf 'tcp 443-443>8443\nwan *\ntarget 192.168.1.10\nsources *' | sha256sum
    expect(contentHash(forward({ internalPort: 8443 }))).toBe('0436a817');
    expect(makeTag(id, forward({ internalPort: 8443 }), 0)).toBe('pf1_b4a0b96caf223336_0436a817_0');
    // printf 'tcp 80-80>80,8000-8010>9000\nudp 80-80>80,8000-8010>9000\nwan wan2\ntarget gateway\nsources 192.0.2.0/24,198.51.100.7/32'
    const full = forward({
      protocol: 'tcp+udp',
      externalPort: '8000-8010,80',
      internalPort: '9000-9010,80',
      wan: 'wan2',
      internalAddress: 'gateway',
      sources: ['198.51.100.7', '192.0.2.0/24'],
    });
    expect(contentHash(full)).toBe('8146587f');
  });

  test('the content is what packets, from whom and where to, and nothing else', () => {
    const base = contentHash(forward({}));
    for (const same of [
      { enabled: false },
      { hairpin: true },
      { log: true },
      { description: 'x' },
      { externalPort: '443' },
    ]) {
      expect(contentHash(forward(same))).toBe(base);
    }
    const others: Partial<RuleInputs>[] = [
      { protocol: 'udp' },
      { protocol: 'tcp+udp' },
      { externalPort: 444, internalPort: 443 },
      { internalPort: 444 },
      { wan: 'wan1' },
      { internalAddress: '192.168.1.11' },
      { internalAddress: 'gateway' },
      { sources: ['192.0.2.0/24'] },
    ];
    const hashes = others.map((other) => contentHash(forward(other)));
    expect(new Set([base, ...hashes]).size).toBe(others.length + 1);
  });

  test('are found at the start of a text, with anything after a space', () => {
    const tag = 'pf1_0123456789abcdef_89abcdef_12';
    const read = { rule: '0123456789abcdef', content: '89abcdef', part: 12, text: tag };
    expect(parseTag(tag)).toEqual(read);
    expect(parseTag(`${tag} home/dev/web`)).toEqual(read);
    expect(parseTag(`${tag} `)).toEqual(read);
    expect(parseTag(makeTag('home/dev/web', forward({}), 3))?.part).toBe(3);
  });

  test.each([
    '',
    'pf1_',
    'web pf1_0123456789abcdef_89abcdef_0',
    ' pf1_0123456789abcdef_89abcdef_0',
    'pf2_0123456789abcdef_89abcdef_0',
    'pf1_0123456789ABCDEF_89abcdef_0',
    'pf1_0123456789abcde_89abcdef_0',
    'pf1_0123456789abcdef_89abcde_0',
    'pf1_0123456789abcdef_89abcdef_',
    'pf1_0123456789abcdef_89abcdef_00',
    'pf1_0123456789abcdef_89abcdef_0x',
    'pf1_0123456789abcdef_89abcdef_123456',
    'pf1_0123456789abcdef_89abcdef_0\n',
  ])('%j is no tag', (text) => {
    expect(parseTag(text)).toBeNull();
  });
});

describe('natural keys', () => {
  test.each<[Partial<RuleInputs>, string]>([
    [{}, 'tcp:443'],
    [{ protocol: 'udp', externalPort: '8000-8010', wan: 'wan2' }, 'udp:8000-8010@wan2'],
    [{ protocol: 'tcp+udp', externalPort: '443,80' }, 'tcp+udp:80,443'],
    [{ internalAddress: '2001:db8::10' }, 'tcp:443->2001:db8::10'],
    [{ internalAddress: '2001:db8::10', wan: 'wan1' }, 'tcp:443@wan1->2001:db8::10'],
    [{ wan: '203.0.113.7' }, 'tcp:443@203.0.113.7'],
  ])('%j is %s', (inputs, key) => {
    expect(naturalKey(forward(inputs))).toBe(key);
    expect(adoptMatches(key, { handle: 'h', forward: forward(inputs) })).toBe(true);
  });

  test('protocols with other ports each get their own', () => {
    const [tcp] = forward({}).traffic;
    const [udp] = forward({ protocol: 'udp', externalPort: 53 }).traffic;
    if (tcp && udp) expect(naturalKey({ ...forward({}), traffic: [tcp, udp] })).toBe('tcp:443;udp:53');
  });

  test('adopt takes a handle, or a key in any spelling', () => {
    const entry = {
      handle: 'ip nat PREROUTING 7',
      forward: forward({ protocol: 'tcp+udp', externalPort: '80-81' }),
    };
    expect(adoptMatches('ip nat PREROUTING 7', entry)).toBe(true);
    expect(adoptMatches('UDP+TCP:81,80', entry)).toBe(true);
    expect(adoptMatches('tcp:80-81', entry)).toBe(false);
    expect(adoptMatches('tcp+udp:80', entry)).toBe(false);
    expect(adoptMatches('tcp+udp:80-81@wan1', entry)).toBe(false);
    expect(adoptMatches('nonsense', entry)).toBe(false);
    expect(adoptMatches('', entry)).toBe(false);
    const pinhole = { handle: '1', forward: forward({ internalAddress: '2001:db8::10' }) };
    expect(adoptMatches('tcp:443->2001:DB8:0::10', pinhole)).toBe(true);
    expect(adoptMatches('tcp:443', pinhole)).toBe(false);
  });
});
