import type { Capabilities } from '../../../provider/rule/capabilities';
import { checkCapabilities, checkNetwork } from '../../../provider/rule/check';
import { properties } from '../../../provider/rule/properties';
import { type LooseInputs, UNKNOWN } from '../../../provider/rule/rule';

const WEB: LooseInputs = { name: 'web', externalPort: 443, internalAddress: '192.168.1.10' };

const POOR: Capabilities = {
  entry: { protocols: 'one', ports: 'single', shift: false, sources: 0 },
  families: [4],
  gatewayTarget: false,
  properties: new Set(),
  overlap: false,
  atomic: false,
  lease: null,
};
const RICH: Capabilities = {
  entry: { protocols: 'both', ports: 'list', shift: true, sources: 1000 },
  families: [4, 6],
  gatewayTarget: true,
  properties: new Set(['enabled', 'wan', 'hairpin', 'log', 'description']),
  overlap: true,
  atomic: true,
  lease: { min: 120, max: 86400 },
};
const told = (inputs: LooseInputs, capabilities: Capabilities) =>
  checkCapabilities(inputs, capabilities, 'fritz').map(({ property, reason }) => `${property}: ${reason}`);

test.each<[string, unknown]>([
  ['wan', 'wan1'],
  ['hairpin', true],
  ['hairpin', false],
  ['log', true],
  ['description', 'Ann'],
  ['lease', 600],
  ['sources', ['192.0.2.0/24']],
  ['internalAddress', '2001:db8::10'],
  ['internalAddress', 'gateway'],
])('%s %j is refused by the name of a gateway that cannot, and fine where it can', (property, value) => {
  const refused = checkCapabilities({ ...WEB, [property]: value }, POOR, 'fritz');
  expect(refused.map((failure) => failure.property)).toEqual([property]);
  expect(refused[0]?.reason).toContain('Gateway "fritz" cannot');
  if (property !== 'lease') expect(told({ ...WEB, [property]: value }, RICH)).toEqual([]);
});

test('what asks for no more than the default is fine everywhere', () => {
  expect(
    told({ ...WEB, log: false, description: '', enabled: false, wan: null, sources: ['0.0.0.0/0'] }, POOR),
  ).toEqual([]);
});

test('enabled is emulated, so it is refused nowhere', () => {
  expect(told({ ...WEB, enabled: false }, POOR)).toEqual([]);
});

test('a lease must lie within what the gateway keeps', () => {
  expect(told({ ...WEB, lease: 600 }, RICH)).toEqual([]);
  expect(told({ ...WEB, lease: 60 }, RICH)).toEqual([
    'lease: Gateway "fritz" keeps mappings for 120-86400 seconds; 60 is outside that.',
  ]);
});

test('a rule that would fill the table of the gateway is refused', () => {
  expect(told({ ...WEB, externalPort: '8000-8255' }, POOR)).toEqual([]);
  expect(told({ ...WEB, externalPort: '8000-8255', protocol: 'tcp+udp' }, POOR)).toEqual([
    'externalPort: Gateway "fritz" would need 512 entries for this rule; accepted: at most 256. Forward fewer ports, or from fewer sources.',
  ]);
  expect(told({ ...WEB, externalPort: '1-65535', protocol: 'tcp+udp' }, RICH)).toEqual([]);
  const oneSource = { ...RICH, entry: { ...RICH.entry, sources: 1 } };
  // every other address, so that no two can be joined
  const sources = Array.from({ length: 300 }, (_, index) => `10.0.${index >> 7}.${(index & 127) * 2}`);
  expect(told({ ...WEB, sources }, oneSource)[0]).toMatch(/^sources: Gateway "fritz" would need 300 entries/);
});

test('unknown values pass, and wrong ones are left to the other check', () => {
  const full = {
    ...WEB,
    wan: 'wan1',
    hairpin: true,
    log: true,
    description: 'x',
    lease: 600,
    sources: ['192.0.2.1'],
  };
  for (const { name } of properties) {
    const failures = checkCapabilities({ ...full, [name]: UNKNOWN }, POOR, 'fritz');
    expect(failures.map(({ property }) => property)).not.toContain(name);
  }
  expect(told(Object.fromEntries(properties.map(({ name }) => [name, UNKNOWN])), POOR)).toEqual([]);
  expect(told({ ...WEB, sources: [UNKNOWN] }, POOR)).toEqual([]);
  expect(
    told({ ...WEB, hairpin: 'yes', sources: 'x', externalPort: 'x', lease: 'x', internalAddress: 'x' }, POOR),
  ).toEqual([]);
});

describe('networks', () => {
  const network = {
    wans: [
      { name: 'wan1', addresses: ['203.0.113.1', '2001:db8:ffff::1'] },
      { name: 'wan2', addresses: ['203.0.113.2'] },
    ],
    lans: ['192.168.1.0/24', '10.0.0.0/8', '2001:db8:1::/64'],
  };
  const reasons = (inputs: LooseInputs, changed = {}) =>
    checkNetwork({ ...WEB, ...inputs }, { ...network, ...changed }, 'home').map(
      ({ property, reason }) => `${property}: ${reason}`,
    );

  test('a target inside a LAN and a known WAN are fine', () => {
    expect(reasons({})).toEqual([]);
    expect(reasons({ internalAddress: '2001:db8:1::10', wan: 'wan2' })).toEqual([]);
    expect(reasons({ internalAddress: 'gateway', wan: '203.0.113.2' })).toEqual([]);
    expect(reasons({ internalAddress: UNKNOWN, wan: UNKNOWN })).toEqual([]);
    expect(reasons({ internalAddress: '172.16.0.1', wan: 'ppp9' }, { wans: null, lans: null })).toEqual([]);
  });

  test('a target outside every LAN is refused', () => {
    expect(reasons({ internalAddress: '172.16.0.1' })).toEqual([
      'internalAddress: "172.16.0.1" lies in no LAN of gateway "home": its LANs are 192.168.1.0/24, 10.0.0.0/8.',
    ]);
    expect(reasons({ internalAddress: '2001:db8:2::1' }, { lans: ['192.168.1.0/24'] })).toEqual([
      'internalAddress: "2001:db8:2::1" lies in no LAN of gateway "home": it has no IPv6 LAN.',
    ]);
  });

  test('the address of the network, its broadcast address and the own address of the gateway are no hosts', () => {
    expect(reasons({ internalAddress: '192.168.1.0' })[0]).toContain(
      'is the address of the network 192.168.1.0/24 itself',
    );
    expect(reasons({ internalAddress: '192.168.1.255' })[0]).toContain(
      'is the broadcast address of 192.168.1.0/24',
    );
    // the narrowest LAN counts
    expect(
      reasons({ internalAddress: '10.1.255.255' }, { lans: ['10.0.0.0/8', '10.1.0.0/16'] })[0],
    ).toContain('broadcast address of 10.1.0.0/16');
    expect(reasons({ internalAddress: '10.1.255.255' })).toEqual([]);
    expect(reasons({ internalAddress: '2001:db8:ffff::1' })[0]).toContain(
      'itself on wan1; accepted: the address of a host inside',
    );
    expect(reasons({ internalAddress: '203.0.113.2' })).toEqual([
      'internalAddress: "203.0.113.2" is the address of gateway "home" itself on wan2. Did you mean "gateway"?',
    ]);
  });

  test('an own address inside is the gateway itself, where it tells its addresses', () => {
    const addresses = ['203.0.113.1', '192.168.1.1', '10.0.0.1', '2001:db8:1::1'];
    expect(reasons({ internalAddress: '192.168.1.1' }, { addresses })).toEqual([
      'internalAddress: "192.168.1.1" is an address of gateway "home" itself. Did you mean "gateway"?',
    ]);
    // no LAN holds it, yet the nearer truth is told
    expect(reasons({ internalAddress: '10.0.0.1' }, { addresses, lans: [] })[0]).toContain('itself. Did you');
    expect(reasons({ internalAddress: '2001:db8:1:0::1' }, { addresses })).toEqual([
      'internalAddress: "2001:db8:1:0::1" is an address of gateway "home" itself; accepted: the address of a host inside.',
    ]);
    expect(reasons({ internalAddress: '203.0.113.1' }, { addresses })[0]).toContain('itself on wan1');
    expect(reasons({ internalAddress: '192.168.1.2' }, { addresses })).toEqual([]);
    expect(reasons({ internalAddress: 'gateway' }, { addresses })).toEqual([]);
    expect(reasons({ internalAddress: UNKNOWN }, { addresses })).toEqual([]);
    // an older agent tells none
    expect(reasons({ internalAddress: '192.168.1.1' })).toEqual([]);
    expect(checkNetwork({ ...WEB, internalAddress: '10.0.0.1' }, { ...network, addresses }, null)).toEqual([
      {
        property: 'internalAddress',
        reason: '"10.0.0.1" is an address of this gateway itself. Did you mean "gateway"?',
      },
    ]);
  });

  test('an unknown WAN is refused with those there are', () => {
    expect(reasons({ wan: 'wna1' })).toEqual([
      'wan: "wna1" is no WAN of gateway "home"; it has wan1, wan2. Did you mean "wan1"?',
    ]);
    expect(reasons({ wan: '198.51.100.1' })[0]).toContain(
      'is no address of gateway "home"; it has 203.0.113.1, ',
    );
    // a WAN that is down has no address yet
    expect(reasons({ wan: '198.51.100.1' }, { wans: [{ name: 'wan1', addresses: [] }] })).toEqual([]);
  });
});
