import { UciFiles } from '../../../../lab/simulators/openwrt/uci/files';
import { Practice, web } from './raw';

let practice: Practice;
let sid: string;
beforeEach(async () => {
  practice = await Practice.start();
  sid = await practice.login();
});
afterEach(() => practice.stop());

const uci = (method: string, args: Readonly<Record<string, unknown>> = {}) => practice.uci(sid, method, args);
const section = async (name: string) => (await uci('get', { section: name }))[1]?.values;
const changes = async () => (await uci('changes'))[1]?.changes;

describe('get', () => {
  test('all of a type, one of them by name and by place, and one option', async () => {
    await practice.add(sid, 'pf_web', { reflection_zone: ['lan', 'guest'] });
    const all = (await uci('get', { type: 'redirect' }))[1]?.values;
    expect(all.pf_web).toEqual({
      '.anonymous': false,
      '.type': 'redirect',
      '.name': 'pf_web',
      '.index': 13,
      ...web,
      reflection_zone: ['lan', 'guest'],
    });
    expect(await section('@redirect[0]')).toEqual({ ...all.pf_web, '.index': undefined });
    expect(await section('@redirect[-1]')).toMatchObject({ '.name': 'pf_web' });
    expect(await uci('get', { section: 'pf_web', option: 'reflection_zone' })).toEqual([
      0,
      { value: ['lan', 'guest'] },
    ]);
  });

  test('by match: an element of a list, or a word of a text; one that fits is enough', async () => {
    await practice.add(sid, 'a', { proto: 'tcp udp', reflection_zone: ['lan', 'guest'] });
    await practice.add(sid, 'b', { proto: 'tcp', src_dport: 443 });
    const match = async (wanted: object) =>
      Object.keys((await uci('get', { type: 'redirect', match: wanted }))[1]?.values);
    expect(await match({ proto: 'udp' })).toEqual(['a']);
    expect(await match({ reflection_zone: 'guest' })).toEqual(['a']);
    expect(await match({ proto: 'tcp', nothing: 'x' })).toEqual(['a', 'b']);
    expect(await match({ proto: 'tcp', src_dport: 80 })).toEqual([]);
    expect(await match({ src_dport: 443 })).toEqual(['a', 'b']);
    expect(await match({ nothing: 'x' })).toEqual([]);
    expect(await match({})).toEqual(['a', 'b']);
  });

  test('what is not there is 0 without data; an unknown configuration is refused or 4', async () => {
    expect(await uci('get', { section: 'none' })).toEqual([0]);
    expect(await uci('get', { section: '@redirect[5]' })).toEqual([0]);
    expect(await uci('get', { section: '@zone[0]', option: 'none' })).toEqual([0]);
    expect(await practice.call(sid, 'uci', 'get', {})).toEqual([2]);
    expect(await uci('get', { config: 'network' })).toEqual([6]);
    await practice.stop();
    practice = await Practice.start({
      acl: {
        'a.json': {
          unauthenticated: { read: { ubus: { session: ['login'] } } },
          all: { read: { ubus: { uci: ['*'] }, uci: ['*'] } },
        },
      },
    });
    sid = await practice.login('root', 'router');
    expect(await uci('get', { config: 'nothing' })).toEqual([4]);
    expect(await uci('get', { config: 'a/b' })).toEqual([2]);
    practice.router.byHand.write("config redirect 'open\n");
    expect(await uci('get')).toEqual([9]);
  });

  test('anonymous sections are called by their number and type, and again when one before them goes', async () => {
    const names = Object.keys((await uci('get'))[1]?.values);
    // As on every router: see the questions of people who mind these names.
    expect(names.slice(0, 5)).toEqual(['cfg01e63d', 'cfg02dc81', 'cfg03dc81', 'cfg04ad58', 'cfg0592bd']);
    practice.router.byHand.remove('cfg04ad58');
    expect(Object.keys((await uci('get'))[1]?.values)[3]).toBe('cfg0492bd');
  });
});

describe('add', () => {
  test('gives the name, or makes one; values are stored as text', async () => {
    expect(await practice.add(sid, 'pf_web')).toEqual([0, { section: 'pf_web' }]);
    const [code, data] = await uci('add', {
      type: 'redirect',
      values: { enabled: false, a: true, b: 7, c: -1, d: 5_000_000_000, e: '', f: [1, true, 'x'] },
    });
    expect([code, data?.section]).toEqual([0, expect.stringMatching(/^cfg0f/)]);
    expect(await section(data?.section)).toEqual({
      '.anonymous': true,
      '.type': 'redirect',
      '.name': data?.section,
      enabled: '0',
      a: '1',
      b: '7',
      c: '4294967295',
      d: '5000000000',
      f: ['1', '1', 'x'],
    });
  });

  test('of a name that exists overwrites texts, lengthens lists and keeps the rest', async () => {
    await practice.add(sid, 'pf_web', { reflection_zone: ['lan'], log: 'mine' });
    expect(
      await uci('add', {
        type: 'redirect',
        name: 'pf_web',
        values: { src_dport: 8443, reflection_zone: ['guest'] },
      }),
    ).toEqual([0, { section: 'pf_web' }]);
    expect(await section('pf_web')).toMatchObject({
      src_dport: '8443',
      log: 'mine',
      dest_ip: '192.168.1.10',
      reflection_zone: ['lan', 'guest'],
    });
    // Also a text becomes a list.
    await uci('add', { type: 'rule', name: 'pf_web', values: { proto: ['udp'] } });
    expect(await section('pf_web')).toMatchObject({ '.type': 'rule', proto: ['tcp', 'udp'] });
  });

  test.each([
    ['a hyphen in the name', { name: 'pf-web' }],
    ['a dot in the name', { name: 'pf.web' }],
    ['an empty name', { name: '' }],
    ['a space in the type', { type: 'port forward' }],
    ['no type', { type: undefined }],
    ['a hyphen in an option', { values: { 'src-port': '1' } }],
    ['null as value', { values: { a: null } }],
    ['a fraction as value', { values: { a: 1.5 } }],
    ['a table as value', { values: { a: {} } }],
    ['a list in a list', { values: { a: [['b']] } }],
  ])('%s is 2, and nothing is staged', async (_, wrong) => {
    const args = { type: 'redirect', name: 'pf_web', values: web, ...wrong };
    expect(await uci('add', args)).toEqual([2]);
    expect(await changes()).toEqual([]);
  });
});

describe('set', () => {
  beforeEach(async () => {
    await practice.add(sid, 'pf_web', { reflection_zone: ['lan'] });
    await uci('commit');
  });

  test('changes what differs, removes by an empty text, and replaces lists', async () => {
    expect(
      await uci('set', {
        section: 'pf_web',
        values: {
          src_dport: 443,
          dest_port: '',
          nothing: '',
          src_ip: '198.51.100.1',
          reflection_zone: ['a', 'b'],
        },
      }),
    ).toEqual([0]);
    expect(await changes()).toEqual([
      ['remove', 'pf_web', 'dest_port'],
      ['set', 'pf_web', 'src_ip', '198.51.100.1'],
      ['remove', 'pf_web', 'reflection_zone'],
      ['list-add', 'pf_web', 'reflection_zone', 'a'],
      ['list-add', 'pf_web', 'reflection_zone', 'b'],
    ]);
    await uci('set', { section: 'pf_web', values: { reflection_zone: '' } });
    expect(await section('pf_web')).not.toHaveProperty('reflection_zone');
  });

  test('what changes nothing stages nothing', async () => {
    expect(await uci('set', { section: 'pf_web', values: { src_dport: '443' } })).toEqual([0]);
    expect(await changes()).toEqual([]);
    expect(await practice.call(sid, 'uci', 'apply', { rollback: true })).toEqual([5]);
  });

  test.each([
    ['a missing section', { section: 'none', values: { a: 'b' } }, 4],
    ['a missing place', { section: '@redirect[9]', values: { a: 'b' } }, 4],
    ['no values', { section: 'pf_web', values: {} }, 4],
    ['no values at all', { section: 'pf_web' }, 2],
    ['neither section nor type', { values: { a: 'b' } }, 2],
    ['an empty list', { section: 'pf_web', values: { reflection_zone: [] } }, 2],
    ['a hyphen in an option', { section: 'pf_web', values: { good: '1', 'b-d': '1' } }, 2],
    ['a name that is none', { section: 'pf-web', values: { a: 'b' } }, 2],
    ['a type that nobody has', { type: 'nothing', values: { a: 'b' } }, 4],
  ])('%s is refused, and nothing is staged', async (_, args, code) => {
    expect(await uci('set', args)).toEqual([code]);
    expect(await changes()).toEqual([]);
  });

  test('by type and match it changes all that fit', async () => {
    expect(await uci('set', { type: 'zone', match: { masq: '1' }, values: { log: 1 } })).toEqual([0]);
    expect(await section('@zone[1]')).toMatchObject({ log: '1' });
    expect(await section('@zone[0]')).not.toHaveProperty('log');
  });
});

test('delete: a section, an option, several of which one must be there', async () => {
  await practice.add(sid, 'pf_web');
  await uci('commit');
  expect(await uci('delete', { section: 'pf_web', option: 'name' })).toEqual([0]);
  expect(await uci('delete', { section: 'pf_web', option: 'name' })).toEqual([4]);
  expect(await uci('delete', { section: 'pf_web', options: ['none', 'src_dport'] })).toEqual([0]);
  expect(await uci('delete', { section: 'pf_web', options: ['none'] })).toEqual([4]);
  expect(await uci('delete', { section: 'pf_web' })).toEqual([0]);
  expect(await uci('delete', { section: 'pf_web' })).toEqual([4]);
  expect(await uci('delete', {})).toEqual([2]);
  expect(await changes()).toEqual([
    ['remove', 'pf_web', 'name'],
    ['remove', 'pf_web', 'src_dport'],
    ['remove', 'pf_web'],
  ]);
});

test('rename keeps place and options, and says nothing about what is not there', async () => {
  await practice.add(sid, 'a');
  await practice.add(sid, 'b');
  expect(await uci('rename', { section: 'a', name: 'pf_a' })).toEqual([0]);
  expect((await uci('get', { type: 'redirect' }))[1]?.values).toMatchObject({
    pf_a: { '.index': 13, ...web },
    b: { '.index': 14 },
  });
  expect(await uci('rename', { section: 'none', name: 'x' })).toEqual([0]);
  expect(await uci('rename', { section: 'b', name: 'x-y' })).toEqual([2]);
  expect(await uci('rename', { section: 'cfg02dc81', name: 'lan_zone' })).toEqual([0]);
  expect(await section('lan_zone')).toMatchObject({ '.anonymous': false, name: 'lan' });
});

test('order moves sections to the places 0, 1, …', async () => {
  await practice.add(sid, 'a');
  await practice.add(sid, 'b');
  expect(await uci('order', { sections: ['b', 'a'] })).toEqual([0]);
  expect(Object.keys((await uci('get'))[1]?.values).slice(0, 3)).toEqual(['b', 'a', 'cfg01e63d']);
  expect((await changes()).slice(-2)).toEqual([
    ['order', 'b', 0],
    ['order', 'a', 1],
  ]);
  expect(await uci('order', { sections: ['none'] })).toEqual([4]);
});

test('what is staged is seen by its session alone, and revert drops it', async () => {
  await practice.add(sid, 'pf_web');
  const other = await practice.login('root', 'router');
  expect(await practice.uci(other, 'get', { section: 'pf_web' })).toEqual([0]);
  expect(await section('pf_web')).toMatchObject(web);
  expect(await practice.call(sid, 'uci', 'changes')).toMatchObject([
    0,
    { changes: { firewall: [['set', 'pf_web', 'redirect'], ...Array(8).fill(expect.anything())] } },
  ]);
  expect(await uci('revert')).toEqual([0]);
  expect(await changes()).toEqual([]);
  expect(await section('pf_web')).toBeUndefined();
});

describe('commit', () => {
  test('writes the file as it is now, and passes over what no longer fits', async () => {
    await practice.add(sid, 'pf_web');
    await uci('commit');
    await uci('set', { section: 'pf_web', values: { src_dport: 8443 } });
    await practice.add(sid, 'pf_new');
    practice.router.byHand.remove('pf_web');
    practice.router.byHand.add('redirect', web, 'by_hand');
    expect(await uci('commit')).toEqual([0]);
    const left = practice.router.byHand.sections('redirect').map(({ name }) => name);
    expect(left).toEqual(['by_hand', 'pf_new']);
  });

  test('a change of a section without a name hits whoever has that name by then', async () => {
    const wan = '@rule[1]';
    await uci('set', { section: wan, values: { enabled: '0' } });
    practice.router.byHand.remove('@rule[0]');
    await uci('commit');
    const hit = practice.router.byHand
      .sections('rule')
      .filter(({ options }) => options.get('enabled') === '0');
    expect(hit.map(({ options }) => options.get('name'))).toEqual(['Allow-IGMP']);
  });

  test('nothing staged is no failure', async () => {
    expect(await uci('commit')).toEqual([0]);
  });
});

test('the file keeps quotes, lists, order and types through a commit', () => {
  const text = [
    '# a comment',
    "config redirect 'a'",
    "\toption name 'it'\\''s \"ours\"'",
    '\toption _x "double \\" quoted"',
    '\tlist l one # behind',
    "\tlist l 'two words'",
    "\toption lines 'first",
    "second'",
    '',
    'config rule',
    '\toption bare word',
    '',
  ].join('\n');
  const files = new UciFiles({ firewall: text });
  files.commit('firewall', [{ op: 'set', section: 'a', option: 'z', value: '1' }]);
  expect(files.text('firewall')).toBe(
    [
      '',
      "config redirect 'a'",
      "\toption name 'it'\\''s \"ours\"'",
      "\toption _x 'double \" quoted'",
      "\tlist l 'one'",
      "\tlist l 'two words'",
      "\toption lines 'first",
      "second'",
      "\toption z '1'",
      '',
      'config rule',
      "\toption bare 'word'",
      '',
      '',
    ].join('\n'),
  );
});
