import type { NftChain, NftRule } from './nft-rule';

export interface LoadedRule extends NftRule {
  readonly handle: number;
  packets: number;
  bytes: number;
}

export interface LoadedChain {
  readonly name: string;
  readonly handle: number;
  hook: string | null;
  rules: LoadedRule[];
}

/** NFTNL_UDATA_COMMENT_MAXLEN, and NF_LOG_PREFIXLEN with its closing zero: bytes. */
const MAX_COMMENT = 128;
const MAX_PREFIX = 127;

/** The table `inet fw4` in the kernel: what is really in force. */
export class NftTable {
  readonly chains: LoadedChain[] = [];
  /** One row of numbers for chains, sets and rules, which only rises: a reloaded rule has a higher one. */
  private handles = 0;

  /**
   * One transaction: all of it, or none and nft's words. Rules are flushed and chains are not, so a chain that is not
   * wanted any more stays behind, empty.
   */
  load(chains: readonly NftChain[]): string | null {
    const fault = faultIn(chains);
    if (fault !== null) return fault;
    for (const wanted of chains) {
      const known = this.find(wanted.name);
      if (known) known.hook = wanted.hook;
      else this.chains.push({ name: wanted.name, handle: this.next(), hook: wanted.hook, rules: [] });
    }
    for (const chain of this.chains) {
      const wanted = chains.find(({ name }) => name === chain.name)?.rules ?? [];
      chain.rules = wanted.map((rule) => this.loaded(rule));
    }
    return null;
  }

  find(name: string): LoadedChain | undefined {
    return this.chains.find((chain) => chain.name === name);
  }

  /** A rule beside fw4's, such as a daemon or a person adds with nft. The next reload flushes it. */
  insert(chain: LoadedChain, rule: NftRule, first: boolean): void {
    const loaded = this.loaded(rule);
    if (first) chain.rules.unshift(loaded);
    else chain.rules.push(loaded);
  }

  /** A chain of somebody else's in fw4's table, or the one that is there. */
  open(name: string): LoadedChain {
    const known = this.find(name);
    if (known) return known;
    const chain: LoadedChain = { name, handle: this.next(), hook: null, rules: [] };
    this.chains.push(chain);
    return chain;
  }

  /** A set without a name takes a number too, before its rule. */
  private loaded(rule: NftRule): LoadedRule {
    const sets = rule.match.filter((piece) => piece.includes('{')).length;
    for (let set = 0; set < sets; set += 1) this.next();
    return { ...rule, handle: this.next(), packets: 0, bytes: 0 };
  }

  private next(): number {
    this.handles += 1;
    return this.handles;
  }
}

/** Why nft would refuse the whole file; null = it would not. */
export function faultIn(chains: readonly NftChain[]): string | null {
  for (const { rules } of chains) {
    for (const rule of rules) {
      const words = ruleFault(rule);
      if (words !== null) return words;
    }
  }
  return null;
}

function ruleFault({ fault, comment, action }: NftRule): string | null {
  if (fault !== null) return fault;
  if (comment !== null && Buffer.byteLength(comment) > MAX_COMMENT) {
    return `comment too long, ${MAX_COMMENT} characters maximum allowed`;
  }
  const prefix = action
    .map((piece) => /^log prefix "(.*)"$/s.exec(piece)?.[1])
    .find((text) => text !== undefined);
  return prefix !== undefined && Buffer.byteLength(prefix) > MAX_PREFIX
    ? 'Could not process rule: Numerical result out of range'
    : null;
}
