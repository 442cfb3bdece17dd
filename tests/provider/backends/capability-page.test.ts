import { capabilityPage } from '../../../provider/backends/capability-page';
import type { DescribedKind } from '../../../provider/backends/kind';
import { findKind } from '../../../provider/backends/registry';
import type { Capabilities } from '../../../provider/rule/capabilities';

const able: Capabilities = {
  entry: { protocols: 'both', ports: 'list', shift: true, sources: 16 },
  families: [4, 6],
  gatewayTarget: true,
  properties: new Set(['enabled', 'wan', 'sources', 'hairpin', 'log', 'description']),
  overlap: true,
  atomic: true,
  lease: null,
};

function kindOf(kind: string, ...capabilities: Capabilities[]): DescribedKind {
  return {
    ...(findKind('agent') as DescribedKind),
    kind,
    page: `${kind}.md`,
    capabilities: () => capabilities,
  };
}

function row(what: string, ...kinds: DescribedKind[]): readonly string[] {
  const line = capabilityPage(kinds)
    .split('\n')
    .find((one) => one.startsWith(`| ${what} |`));
  return (line ?? '').split(' | ').slice(1);
}

test('a kind of which all can do the same says it once, one that depends on the device says both', () => {
  const none: Capabilities = { ...able, families: [4], entry: { ...able.entry, sources: 0 } };
  const kinds = [kindOf('fixed', able), kindOf('varied', able, none)];
  expect(row('opens a pinhole to an IPv6 host', ...kinds)).toEqual([
    'yes',
    'yes, where the device can; else no |',
  ]);
  expect(row('`sources`', ...kinds)).toEqual([
    '16 networks in an entry',
    '16 networks in an entry, where the device can; else no |',
  ]);
});

test('what is not kept, expires, or needs several entries is said', () => {
  const poor = kindOf('poor', {
    ...able,
    entry: { protocols: 'one', ports: 'single', shift: true, sources: 1, sourceHosts: true },
    properties: new Set(['wan']),
    everyWan: false,
    overlap: false,
    atomic: false,
    lease: { min: 1, max: 60 },
  });
  expect(row('several ports or ranges', poor)).toEqual(['an entry for each port |']);
  expect(row('`sources`', poor)).toEqual(['one IPv4 address |']);
  expect(row('`enabled`', poor)).toEqual(['removed while it is false |']);
  expect(row('`wan`', poor)).toEqual(['yes; needed where there are several |']);
  expect(row('`hairpin`', poor)).toEqual(['no |']);
  expect(row('`lease`', poor)).toEqual(['1 to 60 seconds; mappings expire |']);
});
