import fc from 'fast-check';
import { conflicts } from '../../provider/rule/conflicts';
import { normalise } from '../../provider/rule/normalise';
import type { RuleInputs } from '../../provider/rule/rule';

/*
 * The oracle knows nothing of ranges, networks or normal forms: it lists every packet of a small internet and asks
 * each rule, as its user wrote it, whether it takes the packet. Every port and address at which some range or network
 * of the generator begins is among the packets, so two rules that share any packet share one of these.
 */

const PORTS = [1, 2, 80, 81, 82, 443, 65534, 65535];
const INTERFACES = ['wan1', 'wan2'];
const FAMILIES = [
  {
    public: ['203.0.113.1', '203.0.113.2'],
    clients: ['198.51.100.0', '198.51.100.1', '198.51.100.2', '198.51.100.3', '198.51.100.4', '192.0.2.9'],
    targets: ['192.168.1.10', '192.168.1.11', 'gateway'],
    /** Each network with the clients inside it, counted by hand. */
    networks: {
      '198.51.100.0/30': [0, 1, 2, 3],
      '198.51.100.0/31': [0, 1],
      '198.51.100.2/31': [2, 3],
      '198.51.100.2': [2],
      '198.51.100.4/32': [4],
      '198.51.100.0/24': [0, 1, 2, 3, 4],
      '192.0.2.9': [5],
      '0.0.0.0/0': [0, 1, 2, 3, 4, 5],
    } as Record<string, number[]>,
  },
  {
    public: ['2001:db8:1::10', '2001:db8:1::11'],
    clients: ['2001:db8:f::', '2001:db8:f::1', '2001:db8:f:8000::', '2001:db8:e::1'],
    targets: ['2001:db8:1::10', '2001:db8:1::11'],
    networks: {
      '2001:db8:f::/48': [0, 1, 2],
      '2001:db8:f::/49': [0, 1],
      '2001:db8:f:8000::/49': [2],
      '2001:db8:f::1': [1],
      '2001:db8:e::/48': [3],
      '::/0': [0, 1, 2, 3],
    } as Record<string, number[]>,
  },
] as const;

const list = fc.tuple(fc.subarray(PORTS, { minLength: 1, maxLength: 4 }), fc.nat(3)).map(([ports, kind]) => {
  if (kind === 0) return `${ports[0]}-${ports.at(-1)}`;
  if (kind === 1 && ports.length > 2) return `${ports.slice(2)},${ports[0]}-${ports[1]}`;
  return ports.join(',');
});

const one = (family: 0 | 1) =>
  fc.record({
    name: fc.nat(80).map((number) => `rule-${number}`),
    enabled: fc.constantFrom(true, true, true, true, false),
    protocol: fc.constantFrom('tcp', 'udp', 'tcp+udp'),
    externalPort: list,
    // a pinhole cannot name an address: its own is the public one
    wan: fc.constantFrom<string | undefined>(
      undefined,
      undefined,
      'wan1',
      'wan2',
      ...(family === 0 ? FAMILIES[0].public : []),
    ),
    internalAddress: fc.constantFrom<string>(...FAMILIES[family].targets),
    sources: fc.option(
      fc.array(fc.constantFrom(...Object.keys(FAMILIES[family].networks)), { minLength: 1, maxLength: 3 }),
      { nil: undefined, freq: 2 },
    ),
  });
const anyRule = fc.oneof({ weight: 3, arbitrary: one(0) }, { weight: 1, arbitrary: one(1) });
type Written = typeof anyRule extends fc.Arbitrary<infer T> ? T : never;

/** One bit for every packet (family, client, interface, public address, protocol, port): set if the rule takes it. */
function taken(rule: Written): bigint {
  let bits = 0n;
  if (rule.enabled === false) return bits;
  const pinhole = rule.internalAddress.includes(':');
  const clients = FAMILIES[pinhole ? 1 : 0].networks;
  const admitted = rule.sources && new Set(rule.sources.flatMap((text) => clients[text] as number[]));
  const ports = new Set<number>();
  for (const piece of String(rule.externalPort).split(',')) {
    const [from, to] = piece.split('-').map(Number);
    for (const port of PORTS)
      if (port >= (from as number) && port <= (to ?? (from as number))) ports.add(port);
  }
  let packet = 0n;
  for (const [index, family] of FAMILIES.entries()) {
    for (const client of family.clients.keys()) {
      for (const arrives of INTERFACES) {
        for (const address of family.public) {
          for (const protocol of ['tcp', 'udp']) {
            for (const port of PORTS) {
              const matches =
                (index === 1) === pinhole &&
                (!pinhole || address === rule.internalAddress) &&
                (rule.wan === undefined || rule.wan === arrives || rule.wan === address) &&
                (rule.protocol as string).includes(protocol) &&
                ports.has(port) &&
                (!admitted || admitted.has(client));
              if (matches) bits |= 1n << packet;
              packet++;
            }
          }
        }
      }
    }
  }
  return bits;
}

/** The few distinct rules come up again and again: each is asked about every packet once. */
function memo<T>(make: (rule: Written) => T): (rule: Written) => T {
  const known = new Map<string, T>();
  return (rule) => {
    const key = JSON.stringify(rule);
    let value = known.get(key);
    if (value === undefined) {
      value = make(rule);
      known.set(key, value);
    }
    return value;
  };
}

test('conflicts agree with a brute-force look at every packet, on 100 000 sets of rules', () => {
  const sets = 100_000;
  // a pool of rules, each asked about every packet once, and sets drawn from it
  const pool = fc.sample(anyRule, { numRuns: 6000, seed: SEED });
  const takenBy = memo(taken);
  const normal = memo((rule) => normalise(JSON.parse(JSON.stringify(rule)) as RuleInputs).forward);
  const count = { sets: 0, conflicting: 0 };
  fc.assert(
    fc.property(fc.array(fc.nat(pool.length - 1), { minLength: 2, maxLength: 4 }), (members) => {
      const rules = members.map((index) => pool[index] as Written);
      const expected: string[] = [];
      let shared = false;
      rules.forEach((a, i) => {
        rules.slice(i + 1).forEach((b, k) => {
          const packet = (takenBy(a) & takenBy(b)) !== 0n;
          shared ||= packet;
          if (a.name === b.name || packet) expected.push(`${i}-${i + 1 + k}`);
        });
      });
      const named = rules.map((rule, index) => ({ name: rule.name, index, forward: normal(rule) }));
      const found = conflicts(named);
      count.sets++;
      // rules that only have one name are not counted
      if (shared) count.conflicting++;
      const pairs = expected.map((text) =>
        text
          .split('-')
          .map((index) => rules[Number(index)]?.name)
          .join('-'),
      );
      if (found.map(({ a, b }) => `${a}-${b}`).join() !== pairs.join()) {
        throw new Error(`found ${JSON.stringify(found)}, expected ${pairs} in ${JSON.stringify(rules)}`);
      }
    }),
    { numRuns: sets, seed: SEED },
  );
  const share = count.conflicting / count.sets;
  console.info(
    `conflicts: ${count.sets} sets (seed ${SEED}), ${(share * 100).toFixed(1)} % of them share a packet`,
  );
  expect(count.sets).toBeGreaterThanOrEqual(sets);
  expect(share).toBeGreaterThanOrEqual(0.3);
  expect(share).toBeLessThanOrEqual(0.9);
}, 240_000);

/** Another one each run, printed with the result and with any failure. */
const SEED = Number(process.env.FC_SEED ?? Date.now() % 0x7fffffff);
