import fc from 'fast-check';
import { narrower } from '../../provider/rule/narrower';
import { normalise } from '../../provider/rule/normalise';
import type { Forward } from '../../provider/rule/rule';

/* Every packet of a small internet, and where a rule as its user wrote it sends the packet. */

const CLIENTS = ['198.51.100.1', '198.51.100.2', '198.51.100.3', '192.0.2.9', '203.0.113.9'] as const;
const NETWORKS: Readonly<Record<string, readonly string[]>> = {
  '198.51.100.0/30': ['198.51.100.1', '198.51.100.2', '198.51.100.3'],
  '198.51.100.1/32': ['198.51.100.1'],
  '198.51.100.2/32': ['198.51.100.2'],
  '192.0.2.0/24': ['192.0.2.9'],
};

const written = fc.record({
  enabled: fc.constantFrom(true, true, true, false),
  protocol: fc.constantFrom('tcp', 'tcp', 'udp', 'tcp+udp'),
  from: fc.constantFrom(80, 80, 81),
  length: fc.constantFrom(1, 2, 3),
  shift: fc.constantFrom(0, 0, 0, 1000),
  wan: fc.constantFrom(undefined, undefined, 'wan1', 'wan2'),
  internalAddress: fc.constantFrom('192.168.1.10', '192.168.1.10', '192.168.1.11'),
  sources: fc.option(fc.subarray(Object.keys(NETWORKS), { minLength: 1 }), { nil: undefined, freq: 2 }),
});
type Written = typeof written extends fc.Arbitrary<infer T> ? T : never;

function forwardOf({ from, length, shift, protocol, wan, ...rest }: Written): Forward {
  const to = from + length - 1;
  return normalise({
    name: 'x',
    externalPort: `${from}-${to}`,
    internalPort: `${from + shift}-${to + shift}`,
    protocol: protocol as 'tcp',
    ...(wan ? { wan } : {}),
    enabled: rest.enabled,
    internalAddress: rest.internalAddress,
    ...(rest.sources ? { sources: rest.sources } : {}),
  }).forward;
}

/** Packet -> where it goes; packets that the rule does not take are left out. */
function taken(rule: Written): Map<string, string> {
  const packets = new Map<string, string>();
  if (!rule.enabled) return packets;
  const allowed = rule.sources?.flatMap((network) => NETWORKS[network] ?? []) ?? CLIENTS;
  for (const protocol of rule.protocol.split('+'))
    for (const wan of rule.wan ? [rule.wan] : ['wan1', 'wan2', 'wan3'])
      for (const client of CLIENTS.filter((one) => allowed.includes(one)))
        for (let port = rule.from; port < rule.from + rule.length; port += 1)
          packets.set(`${protocol} ${wan} ${client} ${port}`, `${rule.internalAddress}:${port + rule.shift}`);
  return packets;
}

test('narrower is exactly: no packet more, and each to the same place', () => {
  let yes = 0;
  let all = 0;
  fc.assert(
    fc.property(written, written, (before, after) => {
      const [had, has] = [taken(before), taken(after)];
      const expected = [...has].every(([packet, where]) => had.get(packet) === where);
      all += 1;
      yes += expected && after.enabled ? 1 : 0;
      expect(narrower(forwardOf(before), forwardOf(after))).toBe(expected);
    }),
    { numRuns: 20_000 },
  );
  expect(yes / all).toBeGreaterThan(0.01);
});

test('a hairpin that comes, and a source that nobody can read, are not narrower', () => {
  const forward = forwardOf({
    enabled: true,
    protocol: 'tcp',
    from: 80,
    length: 1,
    shift: 0,
    wan: undefined,
    internalAddress: '192.168.1.10',
    sources: ['192.0.2.0/24'],
  });
  expect(narrower({ ...forward, hairpin: false }, { ...forward, hairpin: true })).toBe(false);
  expect(narrower({ ...forward, hairpin: true }, { ...forward, hairpin: false })).toBe(true);
  expect(narrower({ ...forward, sources: ['a country'] }, forward)).toBe(false);
});
