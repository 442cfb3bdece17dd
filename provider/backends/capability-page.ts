import type { Capabilities } from '../rule/capabilities';
import { properties } from '../rule/properties';
import type { NamedProperty } from '../rule/property';
import type { DescribedKind } from './kind';

/** docs/gateways/README.md: what each kind of gateway can do, from what its backend declares. */
export function capabilityPage(kinds: readonly DescribedKind[]): string {
  const head = ['', ...kinds.map(({ kind, page }) => `[\`${kind}\`](${fromHere(page)})`)];
  const rows = [...FORWARDS, ...properties.flatMap(propertyRow), ...CHANGES].map(({ what, says }) => [
    what,
    ...kinds.map(({ capabilities }) => cell(capabilities().map(says))),
  ]);
  return `${INTRODUCTION}

${kinds.map(({ kind, title, page }) => `- \`${kind}\`: [${title}](${fromHere(page)})`).join('\n')}

${[head, head.map(() => '---'), ...rows].map((line) => `| ${line.join(' | ')} |`).join('\n')}

${AFTERWORD}
`;
}

const INTRODUCTION = `# Gateways

Every kind of gateway takes the same [rules](../rule.md). This is what each can do of them; what it cannot is refused at preview, with its
name, and never left out in silence. A rule that needs several entries of the gateway's table gets them, and is one rule all the same.
The table is written from what the program itself goes by (\`npm run docs\`).`;

const AFTERWORD = `Where a cell says two things, it depends on the device: \`portforward discover\`, or the preview, tells what yours can do. What is not
in the table is the same everywhere: conflicts found before anything changes, entries of others left alone, a second look after every change.`;

interface Row {
  readonly what: string;
  says(capabilities: Capabilities): string;
}

const YES = 'yes';
const NO = 'no';
const yes = (can: boolean): string => (can ? YES : NO);

/** What an entry can hold. */
const FORWARDS: readonly Row[] = [
  { what: 'forwards to an IPv4 host', says: ({ families }) => yes(families.includes(4)) },
  { what: 'opens a pinhole to an IPv6 host', says: ({ families }) => yes(families.includes(6)) },
  { what: 'forwards to a service on the gateway itself', says: ({ gatewayTarget }) => yes(gatewayTarget) },
  {
    what: '`tcp+udp`',
    says: ({ entry: { protocols } }) => (protocols === 'both' ? 'in one entry' : 'an entry for each'),
  },
  {
    what: 'several ports or ranges',
    says: ({ entry: { ports } }) =>
      ({ list: 'in one entry', range: 'an entry for each range', single: 'an entry for each port' })[ports],
  },
  {
    what: 'a range to other ports inside',
    says: ({ entry: { ports, shift } }) =>
      shift && ports !== 'single' ? 'in one entry' : 'an entry for each port',
  },
  { what: '`sources`', says: sourcesOf },
];

/** How changes are made. */
const CHANGES: readonly Row[] = [
  {
    what: 'while ports, target or sources change',
    says: ({ overlap }) =>
      overlap ? 'no gap: the new entry comes before the old one goes' : 'a short gap: one entry for a port',
  },
  {
    what: 'changes made together',
    says: ({ atomic }) => (atomic ? 'all or none' : 'one by one, each looked at'),
  },
];

/** Properties that some gateways cannot honour, by the table of the rule. */
function propertyRow({ name, optional }: NamedProperty): Row[] {
  if (optional === undefined) return [];
  return [{ what: `\`${name}\``, says: (capabilities) => honoured(name, capabilities) }];
}

function honoured(name: NamedProperty['name'], capabilities: Capabilities): string {
  const { properties: can, everyWan = true } = capabilities;
  switch (name) {
    case 'enabled':
      return can.has(name) ? 'kept, switched off' : 'removed while it is false';
    case 'lease':
      return leaseOf(capabilities);
    case 'wan':
      return can.has(name) && !everyWan ? 'yes; needed where there are several' : yes(can.has(name));
    default:
      return yes(can.has(name));
  }
}

function sourcesOf({ entry: { sources, sourceHosts }, overlap }: Capabilities): string {
  if (sources === 0) return NO;
  if (sourceHosts) return sources === 1 ? 'one IPv4 address' : `${sources} IPv4 addresses`;
  if (!overlap) return `at most ${sources}`;
  return sources === 1 ? 'an entry for each network' : `${sources} networks in an entry`;
}

function leaseOf({ lease }: Capabilities): string {
  return lease ? `${lease.min} to ${lease.max} seconds; mappings expire` : 'no: entries stay';
}

/** What the most able of a kind can do, and the least able. */
function cell(told: readonly string[]): string {
  const distinct = [...new Set(told)];
  const [most, ...others] = distinct;
  if (others.length === 0) return most ?? '';
  return `${most}, where the device can; else ${others.join(', ')}`;
}

/** A page of docs/ as a link from docs/gateways/. */
function fromHere(page: string): string {
  return page.startsWith('gateways/') ? page.slice('gateways/'.length) : `../${page}`;
}
