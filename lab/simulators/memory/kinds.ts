import type { Capabilities } from '../../../provider/rule/capabilities';

/** What a gateway in memory is like: what fits into an entry, and how it takes changes. */
export interface MemoryKind {
  readonly capabilities: Capabilities;
  /** Whether its table has a generation, so that a change planned on an old look is refused. */
  readonly generations: boolean;
  /** Characters of an entry's mark: the tag always fits, the readable id where there is room for all of it. */
  readonly markLength: number;
  /** Whether it has commit-confirm: changes are on trial until they are confirmed. Default false. */
  readonly trials?: boolean;
}

/** As our own agent: a whole rule in one entry, a batch all or nothing, generations. */
export const rich: MemoryKind = {
  capabilities: {
    entry: { protocols: 'both', ports: 'list', shift: true, sources: 64 },
    families: [4, 6],
    gatewayTarget: true,
    properties: new Set(['enabled', 'wan', 'hairpin', 'log', 'description']),
    overlap: true,
    atomic: true,
    lease: null,
  },
  generations: true,
  markLength: 255,
};

/** As the plainest routers: one protocol, one port and one source in an entry, one change at a time, no generations. */
export const poor: MemoryKind = {
  capabilities: {
    entry: { protocols: 'one', ports: 'single', shift: true, sources: 1 },
    families: [4],
    gatewayTarget: false,
    properties: new Set(['description']),
    overlap: true,
    atomic: false,
    lease: null,
  },
  generations: false,
  markLength: 63,
};

/** The same with room for a tag alone: nothing tells for whom an entry was written. */
export const terse: MemoryKind = { ...poor, markLength: 32 };

/** Lists of ports, one protocol, several sources, one change at a time; mappings expire unless renewed. */
export const leased: MemoryKind = {
  capabilities: {
    entry: { protocols: 'one', ports: 'list', shift: false, sources: 4 },
    families: [4, 6],
    gatewayTarget: true,
    properties: new Set(['enabled', 'wan', 'log', 'description', 'lease']),
    overlap: true,
    atomic: false,
    lease: { min: 60, max: 604_800 },
  },
  generations: false,
  markLength: 127,
};

/** Changes one at a time, yet with generations: every look between two steps must be a fresh one. */
export const sequential: MemoryKind = {
  ...rich,
  capabilities: { ...rich.capabilities, atomic: false },
};

/** The port is the device's key, as with UPnP, and a source is one address: what has a port must be changed in place, never beside it. */
export const keyed: MemoryKind = {
  ...poor,
  capabilities: {
    ...poor.capabilities,
    entry: { ...poor.capabilities.entry, sources: 1, sourceHosts: true },
    overlap: false,
  },
};

/** As OpenWrt: one source and one range in an entry, and changes that are taken back unless they are confirmed. */
export const cautious: MemoryKind = {
  capabilities: {
    entry: { protocols: 'both', ports: 'range', shift: false, sources: 1 },
    families: [4, 6],
    gatewayTarget: true,
    properties: new Set(['enabled', 'wan', 'hairpin', 'log', 'description']),
    overlap: true,
    atomic: false,
    lease: null,
  },
  generations: false,
  markLength: 127,
  trials: true,
};
