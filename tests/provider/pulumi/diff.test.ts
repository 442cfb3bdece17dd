import { diffRule, notApart } from '../../../provider/pulumi/diff';
import { type LooseInputs, type RuleInputs, UNKNOWN } from '../../../provider/rule/rule';
import type { RuleState } from '../../../provider/session/state';

const place = { owner: 'shop/dev', gatewayName: 'home', endpoint: 'agent:/run/a.sock' };

const NOW = Date.UTC(2026, 0, 1);

function recorded(inputs: Partial<RuleInputs>, where: Partial<RuleState> = {}): RuleState {
  const full = { name: 'web', externalPort: 443, internalAddress: '192.168.50.10', ...inputs };
  return { inputs: full, ...place, device: null, entries: [], ...where };
}

function wanted(inputs: LooseInputs = {}): LooseInputs {
  return { name: 'web', externalPort: 443, internalAddress: '192.168.50.10', ...inputs };
}

test('nothing changed is no change', () => {
  expect(diffRule(recorded({}), wanted(), place, NOW)).toEqual({ changes: false });
});

test('another spelling of the same is no change', () => {
  expect(
    diffRule(recorded({ externalPort: 443 }), wanted({ externalPort: '443', protocol: 'tcp' }), place, NOW),
  ).toEqual({
    changes: false,
  });
});

test.each<[string, LooseInputs]>([
  ['enabled', { enabled: false }],
  ['protocol', { protocol: 'udp' }],
  ['externalPort', { externalPort: 444 }],
  ['wan', { wan: 'wan0' }],
  ['internalAddress', { internalAddress: '192.168.50.11' }],
  ['internalPort', { internalPort: 8443 }],
  ['sources', { sources: ['203.0.113.0/24'] }],
  ['hairpin', { hairpin: true }],
  ['log', { log: true }],
  ['description', { description: 'shop' }],
  ['lease', { lease: 600 }],
  ['allowManagementPorts', { allowManagementPorts: 22 }],
])('a change of %s is an update in place, told by the engine property by property', (_name, inputs) => {
  expect(diffRule(recorded({}), wanted(inputs), place, NOW)).toEqual({});
});

test('adopt acts while creating only', () => {
  expect(diffRule(recorded({}), wanted({ adopt: 'tcp:443' }), place, NOW)).toEqual({ changes: false });
});

test('another name replaces, the old one first', () => {
  expect(diffRule(recorded({}), wanted({ name: 'www' }), place, NOW)).toEqual({
    replaces: ['name'],
    deleteBeforeReplace: true,
  });
});

test('what is unknown may change', () => {
  expect(diffRule(recorded({}), wanted({ internalAddress: UNKNOWN }), place, NOW)).toEqual({});
  expect(diffRule(recorded({ sources: ['10.0.0.0/8'] }), wanted({ sources: [UNKNOWN] }), place, NOW)).toEqual(
    {},
  );
});

test('another owner or gateway replaces, the old one first', () => {
  const answer = { changes: true, deleteBeforeReplace: true };
  expect(diffRule(recorded({}, { owner: 'shop/prod' }), wanted(), place, NOW)).toEqual({
    ...answer,
    replaces: ['owner'],
  });
  expect(diffRule(recorded({}, { gatewayName: 'office' }), wanted(), place, NOW)).toEqual({
    ...answer,
    replaces: ['gatewayName'],
  });
  expect(diffRule(recorded({}, { gatewayName: 'office' }), wanted({ name: 'www' }), place, NOW)).toEqual({
    ...answer,
    replaces: ['name', 'gatewayName'],
  });
});

describe('a rule that moves to another gateway', () => {
  const branch = { ...place, gatewayName: 'branch', endpoint: 'openwrt:https://192.168.1.1' };
  const deletesFirst = (here: string | null, there: string | null | undefined): boolean | undefined =>
    diffRule(recorded({}, { device: here }), wanted(), { ...branch, device: there }, NOW).deleteBeforeReplace;

  test('on another device is opened there before it is closed here', () => {
    expect(deletesFirst('a', 'b')).toBe(false);
  });

  test('is closed first where it is the same device, or may be', () => {
    for (const [here, there] of [
      ['a', 'a'],
      [null, 'b'],
      ['a', null],
    ] as const)
      expect(deletesFirst(here, there)).toBe(true);
  });

  test('is not closed for a gateway that was not reached', () => {
    expect(deletesFirst('a', undefined)).toBe(false);
  });

  test('under another name at the same endpoint is closed first, whatever the device says', () => {
    const renamed = { ...place, gatewayName: 'branch', device: 'b' };
    expect(diffRule(recorded({}, { device: 'a' }), wanted(), renamed, NOW)).toEqual({
      changes: true,
      replaces: ['gatewayName'],
      deleteBeforeReplace: true,
    });
  });

  test('is created early on no device that may be the old one', () => {
    const there = (device: string | null) => notApart(recorded({}, { device: 'a' }), device, branch);
    expect(there('b')).toBeNull();
    expect(there('a')?.message).toMatch(/from gateway "home" to gateway "branch".* Run again/);
    expect(there(null)).not.toBeNull();
  });
});

test('another endpoint is an update, which the engine has to be told', () => {
  expect(diffRule(recorded({}, { endpoint: 'agent:/run/b.sock' }), wanted(), place, NOW)).toEqual({
    changes: true,
  });
});

test('a mapping whose renewal is due is an update that changes no property', () => {
  const at = (ms: number) => recorded({}, { renewalDue: new Date(NOW + ms).toISOString() });
  expect(diffRule(at(0), wanted(), place, NOW)).toEqual({ changes: true });
  expect(diffRule(at(1), wanted(), place, NOW)).toEqual({ changes: false });
  expect(diffRule(at(0), wanted({ externalPort: 444 }), place, NOW)).toEqual({});
});
