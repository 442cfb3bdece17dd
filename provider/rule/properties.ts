import { NAME_ACCEPTED, readName } from './names';
import * as plainValues from './plain-values';
import { mergeRanges, PORTS_ACCEPTED, type PortRange, parsePorts } from './ports';
import type { NamedProperty, Property, PropertyName } from './property';
import type { Read } from './read';
import { externalDiffers, internalDiffers, internalMeaning, protocolsOf } from './same-ports';
import { normaliseSources, readSources, SOURCES_ACCEPTED } from './sources';
import { spellExternal, spellInternal } from './spell-ports';
import { spellSources } from './spell-sources';
import { printTarget, readTarget, TARGET_ACCEPTED } from './target';
import { readWan, WAN_ACCEPTED } from './wan';

export type { NamedProperty, PropertyName } from './property';

const readPorts =
  (options: { readonly repeats: boolean }) =>
  (value: unknown): Read<PortRange[]> => {
    const parsed = parsePorts(value, options);
    return 'spans' in parsed ? { value: parsed.spans } : parsed;
  };

/** What most rows say. */
const plain = { required: false, secret: false, id: false, steers: false, aliases: [] as readonly string[] };

/** The rule's properties, each declared here and nowhere else; the order is that of the docs. */
export const table = {
  name: {
    ...plain,
    type: 'text',
    required: true,
    id: true,
    compared: 'never',
    accepts: NAME_ACCEPTED,
    description:
      "Names the rule, unique per gateway and owner. It is part of the rule's id (`<owner>/<name>`), by which the rule knows its entries on the gateway. Changing it replaces the rule.",
    examples: ['web', 'game-server.udp'],
    aliases: ['title', 'label', 'id'],
    read: readName,
  },
  enabled: {
    ...plain,
    type: 'boolean',
    default: true,
    compared: 'meaning',
    optional: 'emulated',
    accepts: 'true or false',
    description:
      'Whether the rule forwards. A disabled rule is kept switched off where the gateway can do that, and is removed from the gateway elsewhere; its absence is then correct. Disabled rules conflict with nothing.',
    examples: [true, false],
    aliases: ['active', 'enable', 'on'],
    read: plainValues.readBoolean,
    spell: (live) => live.enabled,
  },
  protocol: {
    ...plain,
    type: 'text',
    values: plainValues.PROTOCOLS,
    default: 'tcp',
    compared: 'meaning',
    accepts: '`tcp`, `udp` or `tcp+udp`',
    description: 'The transport protocol. `tcp+udp` forwards the same ports of both.',
    examples: ['tcp', 'tcp+udp'],
    aliases: ['proto', 'protocols', 'transport', 'ipProtocol'],
    read: plainValues.readProtocol,
    spell: protocolsOf,
  },
  externalPort: {
    ...plain,
    type: 'ports',
    required: true,
    compared: 'meaning',
    accepts: PORTS_ACCEPTED,
    description:
      'The ports on the public side of the gateway: one, a range, or a list of both. A port may be named once only.',
    examples: [443, '8000-8010', '80,443,8000-8010'],
    aliases: [
      'port',
      'ports',
      'externalPorts',
      'publicPort',
      'wanPort',
      'dstPort',
      'destinationPort',
      'hostPort',
    ],
    read: readPorts({ repeats: false }),
    meaning: ({ externalPort }) => {
      const parsed = parsePorts(externalPort);
      return 'spans' in parsed ? mergeRanges(parsed.spans) : externalPort;
    },
    respell: spellExternal,
    differs: externalDiffers,
  },
  wan: {
    ...plain,
    type: 'text',
    unset: 'every WAN',
    compared: 'meaning',
    optional: 'refused',
    accepts: WAN_ACCEPTED,
    description:
      'The WAN interface, or the public address, at which the rule takes connections. Unset means every WAN, which overlaps any named one. For a pinhole only an interface can be named.',
    examples: ['wan2', '203.0.113.7'],
    aliases: ['interface', 'externalAddress', 'publicAddress', 'externalIp', 'wanInterface'],
    read: readWan,
    spell: (live) => live.wan ?? undefined,
  },
  internalAddress: {
    ...plain,
    type: 'text',
    required: true,
    compared: 'meaning',
    accepts: TARGET_ACCEPTED,
    description:
      'The host that the connections go to. It is parsed strictly and never looked up by name. An IPv6 address makes the rule a pinhole: an opening to that host without translation. `gateway` means a service on the gateway itself; an address of its own is refused. So are loopback, link-local, multicast, broadcast and unspecified addresses.',
    examples: ['192.168.1.10', '2001:db8:1::10', 'gateway'],
    aliases: [
      'target',
      'address',
      'host',
      'internalIp',
      'destination',
      'destinationAddress',
      'ip',
      'to',
      'lanIp',
    ],
    read: readTarget,
    spell: (live) => printTarget(live.target),
  },
  internalPort: {
    ...plain,
    type: 'ports',
    sameAs: 'externalPort',
    compared: 'meaning',
    accepts: `the same shape and length as externalPort; ${PORTS_ACCEPTED}`,
    description:
      'The ports on the target. Its pieces correspond to those of `externalPort`: `"80,443"` to `"8080,8443"`, `"8000-8010"` to `"9000-9010"`. Several external ports may go to one internal port when it is written as often: `"8080,8080"`. A pinhole translates nothing, so there it must equal `externalPort`.',
    examples: [8443, '9000-9010', '8080,8443'],
    aliases: [
      'targetPort',
      'internalPorts',
      'localPort',
      'containerPort',
      'lanPort',
      'toPort',
      'privatePort',
    ],
    read: readPorts({ repeats: true }),
    meaning: internalMeaning,
    respell: spellInternal,
    differs: internalDiffers,
  },
  sources: {
    ...plain,
    type: 'texts',
    unset: 'everyone',
    compared: 'meaning',
    accepts: SOURCES_ACCEPTED,
    description:
      "Who may connect, as networks or single addresses of the target's family. Unset means everyone; an empty list is an error. `set:<name>` is reserved for address sets that are kept on the gateway.",
    examples: [['198.51.100.0/24'], ['192.0.2.1', '198.51.100.0/24']],
    aliases: ['source', 'sourceAddress', 'allow', 'allowFrom', 'from', 'sourceRanges', 'cidrs', 'allowedIps'],
    read: readSources,
    meaning: ({ sources }) => {
      if (sources === undefined || sources === null) return null;
      const read = readSources(sources);
      return 'value' in read ? normaliseSources(read.value) : sources;
    },
    spell: (live) => live.sources ?? undefined,
    respell: spellSources,
  },
  hairpin: {
    ...plain,
    type: 'boolean',
    unset: "the gateway's own habit, never drift",
    compared: 'if-set',
    optional: 'refused',
    accepts: 'true or false',
    description:
      'Whether hosts inside reach the forward at the public address. Unset leaves it to the habit of the gateway; true or false is enforced, or refused where the gateway cannot. A pinhole has no such thing: hosts inside reach its target at the same address without the gateway, so `false` is refused there or keeps nobody out.',
    examples: [true],
    aliases: ['natLoopback', 'natReflection', 'reflection', 'loopback'],
    read: plainValues.readBoolean,
    spell: (live) => live.hairpin ?? undefined,
  },
  log: {
    ...plain,
    type: 'boolean',
    default: false,
    compared: 'meaning',
    optional: 'refused',
    accepts: 'true or false',
    description: 'Whether the gateway logs new connections.',
    examples: [true],
    aliases: ['logging'],
    read: plainValues.readBoolean,
    spell: (live) => live.log,
  },
  description: {
    ...plain,
    type: 'text',
    default: '',
    compared: 'text',
    optional: 'refused',
    accepts: plainValues.DESCRIPTION_ACCEPTED,
    description: 'Free text for people. The mark by which we know our entries is kept apart from it.',
    examples: ['Family photos, ask Ann'],
    aliases: ['comment', 'desc', 'note', 'remark'],
    read: plainValues.readDescription,
    spell: (live) => live.description,
  },
  adopt: {
    ...plain,
    type: 'text',
    unset: 'nothing is taken over',
    compared: 'never',
    diffed: false,
    steers: true,
    accepts: plainValues.ADOPT_ACCEPTED,
    description:
      'Names one entry on the gateway that is not ours and that this rule shall take over, by its natural key or its handle. It acts only while the rule is created, and is ignored afterwards.',
    examples: ['tcp:443', 'udp:8000-8010@wan2'],
    aliases: ['import', 'takeOver'],
    read: plainValues.readAdopt,
  },
  lease: {
    ...plain,
    type: 'integer',
    unset: "the gateway's own habit",
    compared: 'never',
    steers: true,
    optional: 'refused',
    accepts: plainValues.LEASE_ACCEPTED,
    description: 'For gateways whose mappings expire: after how many seconds, unless renewed.',
    examples: [3600],
    aliases: ['leaseDuration', 'lifetime', 'ttl', 'duration'],
    read: plainValues.readLease,
  },
  allowManagementPorts: {
    ...plain,
    type: 'ports',
    unset: 'none',
    compared: 'never',
    steers: true,
    accepts: PORTS_ACCEPTED,
    description:
      'The very external ports that may be forwarded away although the gateway is managed through them. Without it such a rule is refused, since it could lock you out.',
    examples: [22, '22,443'],
    aliases: ['allowManagementPort', 'managementPorts'],
    read: readPorts({ repeats: false }),
    meaning: ({ allowManagementPorts }) => {
      const parsed = parsePorts(allowManagementPorts);
      return 'spans' in parsed ? mergeRanges(parsed.spans) : (allowManagementPorts ?? null);
    },
  },
} satisfies { readonly [P in PropertyName]: Property };

/** The table as rows, in the order of the docs. */
export const properties: readonly NamedProperty[] = Object.entries(table).map(([name, row]) => ({
  name: name as PropertyName,
  ...(row as Property),
}));
