import type { Capabilities } from '../../rule/capabilities';
import { contentHash, parseTag, tagOf } from '../../rule/identity';
import type { Forward } from '../../rule/rule';
import type { Entry } from '../backend';
import { readSection } from './read-section';
import { type Section, sectionIds } from './sections';
import type { Zones } from './zones';

/** One range of ports and one source in a section; a range is not shifted, for nft would spread it; a commit is whole or not at all. */
export const openwrtCapabilities: Capabilities = {
  entry: { protocols: 'both', ports: 'range', shift: false, sources: 1 },
  families: [4, 6],
  gatewayTarget: true,
  properties: new Set(['enabled', 'wan', 'hairpin', 'log', 'description']),
  overlap: true,
  atomic: true,
  everyWan: false,
  lease: null,
};

/** An entry beside the section that it was read from. */
export interface SectionEntry {
  readonly section: Section;
  /** The zone from which it forwards. */
  readonly zone: string;
  readonly entry: Entry;
}

/** The entries that the configuration has, whatever the firewall made of them. The handle is the section's name, and of ours that is the tag. */
export function entriesOf(sections: readonly Section[], zones: Zones): readonly SectionEntry[] {
  const ids = sectionIds(sections);
  return sections.flatMap((section) => {
    const read = readSection(section, zones.watched);
    if (!read) return [];
    const tag = parseTag(section.name);
    const { options, type, name } = section;
    const entry: Entry = {
      handle: name,
      tag: tag?.text ?? null,
      id: tag ? readId(options.pf_id ?? options.name, tag.rule) : null,
      forward: tag ? wanAsMeant(read.forward, tag.content, zones) : wanAsFound(read.forward, zones),
      restriction: read.restrictions.length > 0 ? read.restrictions.join(', ') : null,
      permanent: true,
      expires: null,
      label: `${type === 'rule' ? 'traffic rule' : 'port forward'} "${String(options.name ?? ids.get(name))}"`,
      changeable: true,
      blocked: null,
    };
    return [{ section, zone: read.zone, entry }];
  });
}

function readId(value: unknown, mark: string): string | null {
  return typeof value === 'string' && tagOf(value) === mark ? value : null;
}

/**
 * A section names its zone, whether the rule did or said "every WAN". What was meant is in the tag, for the hash of the content
 * differs; where somebody changed the section by hand, the shorter way to say it.
 */
function wanAsMeant(forward: Forward, content: string, zones: Zones): Forward {
  const outward = zones.all.some(
    (zone) => zone.name === forward.wan && (zone.masquerades || zones.wan.includes(zone)),
  );
  const candidates = [forward, ...(outward ? [{ ...forward, wan: null }] : [])];
  return candidates.find((one) => contentHash(one) === content) ?? wanAsFound(forward, zones);
}

function wanAsFound(forward: Forward, { wan: [only, ...others] }: Zones): Forward {
  return only && others.length === 0 && forward.wan === only.name ? { ...forward, wan: null } : forward;
}
