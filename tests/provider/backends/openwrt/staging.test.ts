import type { Change, Entry } from '../../../../provider/backends/backend';
import { entriesOf } from '../../../../provider/backends/openwrt/codec';
import { generationOf, readSections, sectionIds } from '../../../../provider/backends/openwrt/sections';
import { othersThan, stage, stagingFailure } from '../../../../provider/backends/openwrt/staging';
import { makeTag } from '../../../../provider/rule/identity';
import type { RuleInputs } from '../../../../provider/rule/rule';
import { forwardOf, ID, section, written, zoneSections, zones } from './support';

type Inputs = Partial<RuleInputs> & Pick<RuleInputs, 'externalPort'>;

function wantedOf(inputs: Inputs, part = 0) {
  const forward = forwardOf(inputs);
  return { tag: makeTag(ID, forward, part), id: ID, forward, lease: null };
}

const add = (inputs: Inputs): Change => ({ op: 'add', wanted: wantedOf(inputs) });
const web = written({ externalPort: 8443 })[0] as ReturnType<typeof section>;
const foreign = section('redirect', null, {
  name: 'Mine',
  src: 'wan',
  dest: 'lan',
  proto: ['tcp'],
  src_dport: '8443',
  dest_ip: '192.168.1.9',
  weekdays: 'Mon',
});
const entryOf = (one: ReturnType<typeof section>): Entry => entriesOf([one], zones)[0]?.entry as Entry;

function calls(changes: readonly Change[], sections: readonly ReturnType<typeof section>[]) {
  const staging = stage(changes, [...zoneSections, ...sections], zones);
  if (!('calls' in staging)) throw new Error(JSON.stringify(staging));
  return staging.calls.map(({ method, args: { config, ...rest } }) => ({ method, ...rest }));
}

describe('staging', () => {
  test('an entry is added as one section, named by its tag', () => {
    expect(calls([add({ externalPort: 8443 })], [])).toEqual([
      { method: 'add', type: 'redirect', name: web.name, values: web.options },
    ]);
  });

  test('removals come first: their names must be free', () => {
    const changes: Change[] = [add({ externalPort: 9443 }), { op: 'remove', before: entryOf(web) }];
    expect(calls(changes, [web]).map(({ method }) => method)).toEqual(['delete', 'add']);
  });

  test('what is gone already needs no removal', () => {
    expect(calls([{ op: 'remove', before: entryOf(web) }], [])).toEqual([]);
  });

  test('an edit is one `set`, of what differs alone', () => {
    const change: Change = {
      op: 'edit',
      before: entryOf(web),
      wanted: wantedOf({ externalPort: 8443, enabled: false }),
    };
    expect(calls([change], [web])).toEqual([{ method: 'set', section: web.name, values: { enabled: '0' } }]);
    const off = { ...web, options: { ...web.options, enabled: '0' } };
    const back: Change = { op: 'edit', before: entryOf(off), wanted: wantedOf({ externalPort: 8443 }) };
    expect(calls([back], [off])).toEqual([{ method: 'set', section: web.name, values: { enabled: '' } }]);
  });

  test('an edit that changes nothing sends nothing', () => {
    const change: Change = { op: 'edit', before: entryOf(web), wanted: wantedOf({ externalPort: 8443 }) };
    expect(calls([change], [web])).toEqual([]);
  });

  test('a foreign section that is adopted is renamed, and says nothing of its own any more', () => {
    const change: Change = { op: 'edit', before: entryOf(foreign), wanted: wantedOf({ externalPort: 8443 }) };
    expect(calls([change], [foreign])).toEqual([
      { method: 'rename', section: foreign.name, name: web.name },
      {
        method: 'set',
        section: web.name,
        values: { weekdays: '', name: ID, proto: 'tcp', target: 'DNAT', dest_ip: '192.168.1.10' },
      },
    ]);
  });

  test('a section cannot become one of another type: it goes, and another comes', () => {
    const wanted = wantedOf({ externalPort: 8443, internalAddress: 'gateway' });
    const made = calls([{ op: 'edit', before: entryOf(web), wanted }], [web]);
    expect(made).toMatchObject([
      { method: 'delete', section: web.name },
      { method: 'add', type: 'rule', name: wanted.tag },
    ]);
  });

  test('an addition that meets its own name sets it right: `add` would leave options standing', () => {
    const half = { ...web, options: { ...web.options, src_mac: '00:11:22:33:44:55' } };
    expect(calls([add({ externalPort: 8443 })], [half])).toEqual([
      { method: 'set', section: web.name, values: { src_mac: '' } },
    ]);
  });

  test('what no section stands behind is refused, and nothing is sent for the others', () => {
    const service = { ...entryOf(foreign), handle: 'dstnat_wan#7', changeable: false };
    const changes: Change[] = [
      add({ externalPort: 1 }),
      { op: 'edit', before: service, wanted: wantedOf({ externalPort: 2 }) },
    ];
    expect(stage(changes, zoneSections, zones)).toMatchObject([{ status: 'skipped' }, { status: 'refused' }]);
  });

  test('an entry that vanished meanwhile is a race', () => {
    const change: Change = { op: 'edit', before: entryOf(web), wanted: wantedOf({ externalPort: 9443 }) };
    expect(() => stage([change], zoneSections, zones)).toThrow(expect.objectContaining({ code: 'stale' }));
  });

  test('the reply that is no success names its change, the others are not done', () => {
    const changes = [add({ externalPort: 1 }), add({ externalPort: 2 })];
    const staging = stage(changes, zoneSections, zones);
    if (!('calls' in staging)) throw new Error('refused');
    const ok = { ok: true as const, data: null };
    const bad = { ok: false as const, code: 9, words: 'Unknown error' };
    expect(stagingFailure(staging, [ok, ok], changes)).toBeNull();
    expect(stagingFailure(staging, [ok, bad], changes)).toMatchObject([
      { status: 'skipped' },
      { status: 'refused', message: 'uci add: Unknown error (9)' },
    ]);
  });

  test('what others have is the same whatever we touched, and whatever anonymous sections are called', () => {
    const before = [...zoneSections, web, foreign];
    const after = [...zoneSections, { ...foreign, name: 'cfg9999' }];
    const touched = new Set([web.name]);
    expect(othersThan(touched, after)).toBe(othersThan(touched, before));
    const changed = [...zoneSections, { ...foreign, options: { ...foreign.options, src_dport: '1' } }];
    expect(othersThan(touched, changed)).not.toBe(othersThan(touched, before));
  });
});

describe('sections', () => {
  const values = {
    wan: {
      '.anonymous': false,
      '.type': 'zone',
      '.name': 'wan',
      '.index': 1,
      name: 'wan',
      network: ['wan', 'wan6'],
    },
    cfg02: { '.anonymous': true, '.type': 'redirect', '.name': 'cfg02', '.index': 0, src: 'wan', '.new': 1 },
  };

  test('are read in the order of the file, whatever the order of the answer', () => {
    expect(readSections({ values })).toMatchObject([
      { name: 'cfg02', anonymous: true, type: 'redirect', options: { src: 'wan' } },
      { name: 'wan', anonymous: false, options: { network: ['wan', 'wan6'] } },
    ]);
  });

  test('the generation follows every change, and no made-up name', () => {
    const [first, second] = readSections({ values });
    if (!first || !second) throw new Error('no sections');
    const of = generationOf;
    expect(of([first, second])).not.toBe(of([second, first]));
    expect(of([{ ...first, name: 'cfg77' }, second])).toBe(of([first, second]));
    expect(of([first, { ...second, name: 'other' }])).not.toBe(of([first, second]));
    expect(of([first, { ...second, options: { ...second.options, x: '1' } }])).not.toBe(of([first, second]));
  });

  test('anonymous ones are counted as fw4 counts them', () => {
    const all = [foreign, { ...foreign, name: 'cfg03' }, web, { ...foreign, name: 'cfg04', type: 'zone' }];
    expect([...sectionIds(all).values()]).toEqual(['@redirect[0]', '@redirect[1]', web.name, '@zone[0]']);
  });

  test.each([null, {}, { values: [] }, { values: { x: 'y' } }, { values: { x: {} } }])(
    'another shape is a version that we do not know: %j',
    (data) => {
      expect(() => readSections(data)).toThrow(expect.objectContaining({ code: 'version' }));
    },
  );
});
