import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aclFile, readGrants, writeGrants } from '../../../../provider/backends/openwrt/acl';
import { allows, lacksRights, missing, readAcls } from '../../../../provider/backends/openwrt/rights';

const shipped = join(__dirname, '../../../../provider/backends/openwrt/acl/portforward.json');

describe('the ACL file', () => {
  test('is what the code asks for (else: npm run docs)', () => {
    expect(readFileSync(shipped, 'utf8')).toBe(aclFile(['wan'], ['lan']));
  });

  test('grants every command by its whole line: a pattern would let in others', () => {
    const lines = Object.keys(readGrants(['wan', 'wan2'], ['lan', 'guest']).file ?? {});
    expect(lines).toContain('/usr/sbin/nft -s -a list chain inet fw4 dstnat_wan2');
    expect(lines).toContain('/usr/sbin/nft -s -a list chain inet fw4 dstnat_guest');
    for (const line of lines) expect(line).toMatch(/^[a-zA-Z0-9/ _.-]+$/);
    expect(JSON.stringify(writeGrants)).not.toMatch(/[*?[]exec/);
    expect(aclFile(['wan'], ['lan'])).not.toContain('*');
  });
});

describe('what a login may do', () => {
  const acls = readAcls({
    ubus: { uci: ['get', 'ch*'], 'network.*': ['dump'], session: ['[a-d]*'] },
    uci: { 'fire?all': ['read'] },
    file: { '/usr/sbin/nft': ['exec'], '/bin/x *': ['exec'] },
  });

  test.each<[string, string, string, boolean]>([
    ['ubus', 'uci', 'get', true],
    ['ubus', 'uci', 'changes', true],
    ['ubus', 'uci', 'commit', false],
    ['ubus', 'network.interface', 'dump', true],
    ['ubus', 'network', 'dump', false],
    ['ubus', 'session', 'destroy', true],
    ['ubus', 'session', 'login', false],
    ['uci', 'firewall', 'read', true],
    ['uci', 'firewall', 'write', false],
    ['file', '/bin/x a/b c', 'exec', true],
    ['nothing', 'at', 'all', false],
  ])('%s %s %s: %p', (scope, object, fun, expected) => {
    expect(allows(acls, scope, object, fun)).toBe(expected);
  });

  test('a program that is granted whole may run each of its lines', () => {
    const file = {
      '/usr/sbin/nft -s -a list chain inet fw4 dstnat_wan': ['exec'],
      '/sbin/fw4 check': ['exec'],
    };
    expect(missing(acls, { ubus: {}, uci: [], file }, 'read')).toEqual([
      '"read": {"file": {"/sbin/fw4 check": ["exec"]}}',
    ]);
  });

  test('no pattern takes long', () => {
    const slow = readAcls({ ubus: { [`${'*a'.repeat(30)}b`]: ['x'] } });
    const began = performance.now();
    expect(allows(slow, 'ubus', 'a'.repeat(5_000), 'x')).toBe(false);
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  test.each([null, 'x', [], { ubus: 'x' }, { ubus: { uci: 'get' } }])('%p grants nothing', (value) => {
    expect(allows(readAcls(value), 'ubus', 'uci', 'get')).toBe(false);
  });

  test('what is missing is named, with the lines to add and where', () => {
    const grants = readGrants(['wan'], []);
    const lines = missing(readAcls({ ubus: grants.ubus && { uci: ['get'] }, uci: {} }), grants, 'read');
    expect(lines).toContain('"read": {"ubus": {"uci": ["changes"]}}');
    expect(lines).toContain('"read": {"uci": ["firewall"]}');
    expect(lines).toContain(
      '"read": {"file": {"/usr/sbin/nft -s -a list chain inet fw4 forward_wan": ["exec"]}}',
    );

    const without = lacksRights({}, 'pf', lines);
    expect(without).toMatchObject({ code: 'denied', hint: expect.stringContaining('Copy the ACL file') });
    const within = lacksRights(readAcls({ 'access-group': { portforward: ['read'] } }), 'pf', lines);
    expect(within.hint).toContain('/usr/share/rpcd/acl.d/portforward.json');
    expect(within.message).toContain(lines[0]);
  });
});
