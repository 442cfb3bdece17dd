import { parseAddress, printAddress } from '../../rule/address';
import { type PortRange, printPorts } from '../../rule/ports';
import type { Forward } from '../../rule/rule';
import { internalRanges } from '../../rule/spans';
import { chainsOf } from './acl';
import type { SectionEntry } from './codec';
import type { NftRule, Verdict } from './nft-chain';
import { ALL_PORTS } from './read-options';

/** One rule that a section should have become. */
export interface Expected {
  readonly chain: string;
  /** All that it matches, and where it sends it. */
  readonly key: string;
  /** The same without who may connect. */
  readonly openKey: string;
}

/** `!fw4: ` and the option `name`, or how fw4 calls the section; quotes become others (fw4.uc, quote). */
export function commentOf({ entry, section }: SectionEntry): string {
  const name = section.options.name;
  const called = typeof name === 'string' ? name : (/"(.*)"$/.exec(entry.label)?.[1] ?? section.name);
  return `!fw4: ${called.replaceAll('"', "'")}`;
}

/** What a section should have become: rules with this comment, in the order of its protocols. */
export interface Becoming {
  readonly comment: string;
  readonly rules: readonly Expected[];
}

// Asked for again and again while a look is judged; they go with what they are of.
const becoming = new WeakMap<SectionEntry, Becoming>();
const keys = new WeakMap<NftRule, Keys | 'none'>();

export function expectedOf(one: SectionEntry): Becoming {
  const told = becoming.get(one) ?? foretell(one);
  becoming.set(one, told);
  return told;
}

function foretell(one: SectionEntry): Becoming {
  const { entry, zone } = one;
  const { traffic, target, sources, wan } = entry.forward;
  const [dstnat, forward, input] = chainsOf(zone);
  const at = wan !== null && parseAddress(wan) ? [`${wan}/32`] : null;
  const rules = traffic.map(({ protocol, ports }): Expected => {
    const shifted = ports.some(({ from, target: inside }) => from !== inside);
    const inside = printPorts(internalRanges(ports));
    const open = [protocol, printPorts(ports)];
    if (target.kind === 'host' && target.family === 6)
      return keyed(forward, [6, ...open, [`${target.address}/128`], 'accept'], sources);
    if (target.kind === 'host')
      return keyed(dstnat, [4, ...open, at, `dnat ${target.address} ${inside}`], sources);
    if (shifted) return keyed(dstnat, [4, ...open, at, `redirect ${inside}`], sources);
    return keyed(input, [4, ...open, at, 'accept'], sources);
  });
  return { comment: commentOf(one), rules };
}

/** Whether a loaded rule is one that this section would become. */
export function belongs(one: SectionEntry, chain: string, rule: NftRule): boolean {
  const { comment, rules } = expectedOf(one);
  if (rule.comment !== comment) return false;
  const key = keysOf(rule)?.key;
  return rules.some((expected) => expected.chain === chain && expected.key === key);
}

function keyed(chain: string, open: readonly unknown[], sources: Forward['sources']): Expected {
  const openKey = JSON.stringify(open);
  return { chain, openKey, key: `${openKey} from ${JSON.stringify(sources)}` };
}

type Keys = Pick<Expected, 'key' | 'openKey'>;

/** The same keys of a loaded rule; null where it matches less than we can say. */
export function keysOf(rule: NftRule): Keys | null {
  const told = keys.get(rule) ?? readKeys(rule) ?? 'none';
  keys.set(rule, told);
  return told === 'none' ? null : told;
}

function readKeys({ family, protocols, ports, sources, destinations, verdict, other }: NftRule): Keys | null {
  if (other.length > 0 || protocols?.length !== 1) return null;
  const external = ports ?? [ALL_PORTS];
  const to = verdictText(verdict, external);
  const openKey = JSON.stringify([family ?? 4, protocols[0], printPorts(external), destinations, to]);
  return { openKey, key: `${openKey} from ${JSON.stringify(sources)}` };
}

function verdictText(verdict: Verdict, external: readonly PortRange[]): string {
  const inside = (ports: readonly PortRange[] | null): string => printPorts(ports ?? external);
  switch (verdict.kind) {
    case 'dnat':
      return `dnat ${canonical(verdict.address)} ${inside(verdict.ports && [verdict.ports])}`;
    case 'redirect':
      return `redirect ${inside(verdict.ports && [verdict.ports])}`;
    case 'jump':
      return verdict.chain.startsWith('accept_to_') ? 'accept' : `jump ${verdict.chain}`;
    default:
      return verdict.kind;
  }
}

export function canonical(text: string): string {
  const address = parseAddress(text);
  return address ? printAddress(address) : text;
}
