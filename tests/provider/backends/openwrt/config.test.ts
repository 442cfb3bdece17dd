import { checkArguments } from '../../../../provider/backends/check-arguments';
import { openwrtKind } from '../../../../provider/backends/openwrt/kind';
import { readArguments } from '../../../../provider/backends/read-arguments';

const args = { url: 'https://192.168.1.1', username: 'pf', password: 'canary-secret' };
const parse = (given: object, env: Record<string, string> = {}) => openwrtKind.parse({ ...given }, env);

describe('arguments of an OpenWrt gateway', () => {
  test('the usual ones', () => {
    const config = parse(args);
    expect(config).toMatchObject({ username: 'pf', password: 'canary-secret', wanZones: null });
    expect(openwrtKind.endpoint(config)).toBe('openwrt:https://192.168.1.1');
  });

  test('from the environment', () => {
    const env = {
      PORTFORWARD_URL: 'https://router.lan:8443/',
      PORTFORWARD_USERNAME: 'pf',
      PORTFORWARD_PASSWORD: 'x',
    };
    expect(openwrtKind.endpoint(parse({}, env))).toBe('openwrt:https://router.lan:8443');
    expect(parse({ passwordEnv: 'MINE' }, { ...env, MINE: 'y' }).password).toBe('y');
  });

  test.each<[string, object, string]>([
    ['no url', { ...args, url: undefined }, 'url'],
    ['a password in the url', { ...args, url: 'https://pf:canary-secret@192.168.1.1' }, 'url'],
    ['http in the clear', { ...args, url: 'http://192.168.1.1' }, 'url'],
    ['no username', { ...args, username: undefined }, 'username'],
    ['an empty username', { ...args, username: '' }, 'username'],
    ['no password', { ...args, password: undefined }, 'password'],
    ['an empty password', { ...args, password: '' }, 'password'],
    ['two passwords', { ...args, passwordEnv: 'X' }, 'passwordEnv'],
    ['a pin that is none', { ...args, pins: ['sha256/x'] }, 'pins'],
    ['no zones', { ...args, wanZones: [] }, 'wanZones'],
    ['a zone that could be a command', { ...args, wanZones: ['wan;flush ruleset'] }, 'wanZones'],
    ['an argument that there is not', { ...args, sockets: 'x' }, 'sockets'],
  ])('refuses %s by its name, and shows no secret', (_, given, property) => {
    const defined = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    expect(() => parse(defined)).toThrow(expect.objectContaining({ code: 'invalid', property }));
    try {
      parse(defined);
    } catch (error) {
      expect(String(error)).not.toContain('canary-secret');
    }
  });

  test('http to this machine itself, and by express word, are let through', () => {
    expect(parse({ ...args, url: 'http://127.0.0.1:8080' }).target.url).toBe('http://127.0.0.1:8080');
    expect(parse({ ...args, url: 'http://192.168.1.1', insecure: true }).target.trust.insecure).toBe(true);
  });

  test('a front door checks what it knows before all is known', () => {
    expect(checkArguments({ kind: 'openwrt', url: 'https://192.168.1.1' }, openwrtKind)).toEqual([]);
    expect(checkArguments({ kind: 'openwrt', url: 'ftp://x' }, openwrtKind)).toMatchObject([
      { property: 'url' },
    ]);
    expect(checkArguments({ kind: 'openwrt', wanZones: 'wan' }, openwrtKind)).toMatchObject([
      { property: 'wanZones' },
    ]);
  });

  test('and makes settings of it', () => {
    const settings = readArguments(
      openwrtKind,
      { ...args, owner: 'home/network', wanZones: ['wan', 'wan'] },
      {},
    );
    expect(settings).toMatchObject({
      endpoint: 'openwrt:https://192.168.1.1',
      config: { wanZones: ['wan'] },
    });
  });
});
