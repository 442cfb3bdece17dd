import type { Capabilities } from '../../../provider/rule/capabilities';
import { PortforwardError } from '../../../provider/rule/error';
import { countEntries, expand, fold } from '../../../provider/rule/expand';
import { naturalKey } from '../../../provider/rule/identity';
import { normalise } from '../../../provider/rule/normalise';
import type { Forward, RuleInputs } from '../../../provider/rule/rule';

const can = (entry: Partial<Capabilities['entry']>): Capabilities => ({
  entry: { protocols: 'both', ports: 'list', shift: true, sources: 1000, ...entry },
  families: [4, 6],
  gatewayTarget: true,
  properties: new Set(),
  overlap: true,
  atomic: true,
  lease: null,
});
const forward = (inputs: Partial<RuleInputs>): Forward =>
  normalise({ name: 'web', externalPort: 443, internalAddress: '192.168.1.10', ...inputs }).forward;

/** Entries as text: what each takes, where to, and from whom. */
const cut = (inputs: Partial<RuleInputs>, entry: Partial<Capabilities['entry']>) =>
  expand(forward(inputs), can(entry)).map((part) => {
    const targets = part.traffic[0]?.ports.map(({ target }) => target).join(',');
    return `${naturalKey(part)} -> ${targets} from ${part.sources?.join(',') ?? 'everyone'}`;
  });

const FULL: Partial<RuleInputs> = {
  protocol: 'tcp+udp',
  externalPort: '80,8000-8001',
  internalPort: '80,9000-9001',
  sources: ['192.0.2.0/24', '198.51.100.7'],
};

test('a gateway that can hold it all gets one entry', () => {
  expect(cut(FULL, {})).toEqual(['tcp+udp:80,8000-8001 -> 80,9000 from 192.0.2.0/24,198.51.100.7/32']);
});

test('one protocol, one range and one source per entry: by protocol, then port, then source', () => {
  expect(cut(FULL, { protocols: 'one', ports: 'range', sources: 1 })).toEqual([
    'tcp:80 -> 80 from 192.0.2.0/24',
    'tcp:80 -> 80 from 198.51.100.7/32',
    'tcp:8000-8001 -> 9000 from 192.0.2.0/24',
    'tcp:8000-8001 -> 9000 from 198.51.100.7/32',
    'udp:80 -> 80 from 192.0.2.0/24',
    'udp:80 -> 80 from 198.51.100.7/32',
    'udp:8000-8001 -> 9000 from 192.0.2.0/24',
    'udp:8000-8001 -> 9000 from 198.51.100.7/32',
  ]);
});

test('where a range cannot change its numbers, each of its ports is an entry', () => {
  expect(
    cut({ externalPort: '80,443,8000-8001', internalPort: '80,443,9000-9001' }, { shift: false }),
  ).toEqual([
    'tcp:80,443 -> 80,443 from everyone',
    'tcp:8000 -> 9000 from everyone',
    'tcp:8001 -> 9001 from everyone',
  ]);
});

test('protocols with other ports, as somebody may have left them, are entries of their own', () => {
  const [tcp] = forward({}).traffic;
  const [udp] = forward({ protocol: 'udp', externalPort: '53,80' }).traffic;
  const odd: Forward = { ...forward({}), traffic: tcp && udp ? [tcp, udp] : [] };
  const parts = expand(odd, can({ ports: 'range' }));
  expect(parts.map(naturalKey)).toEqual(['tcp:443', 'udp:53', 'udp:80']);
  expect(countEntries(odd, can({ ports: 'range' }))).toBe(3);
  expect(fold(parts)).toEqual(odd);
});

test('sources are never dropped: a gateway without them refuses', () => {
  expect(() => expand(forward(FULL), can({ sources: 0 }))).toThrow(PortforwardError);
  expect(cut({}, { sources: 0 })).toEqual(['tcp:443 -> 443 from everyone']);
});

test('no entries fold into nothing that could be taken for a rule', () => {
  expect(() => fold([])).toThrow('no entries');
});

test('what one entry tells of its hairpin is enough, and telling two things is not', () => {
  const part = forward({});
  expect(fold([part, { ...part, hairpin: true }])).toEqual({ ...part, hairpin: true });
  expect(
    fold([
      { ...part, hairpin: false },
      { ...part, hairpin: true },
    ]).mixed,
  ).toEqual({
    hairpin: 'tcp:443: false; tcp:443: true',
  });
});

test('a rule of many entries says what some of them say, and how many there are', () => {
  const parts = expand(forward({ externalPort: '8000-8009' }), can({ ports: 'single' }));
  const torn = parts.map((part, index) => ({ ...part, log: index === 3 }));
  expect(fold(torn).mixed?.log).toBe('tcp:8000 and 8 more: false; tcp:8003: true');
});
