/** A rule as nft would print it, in the pieces that matter: what comes before the counter, and what after. */
export interface NftRule {
  readonly match: readonly string[];
  readonly counter: boolean;
  readonly action: readonly string[];
  readonly comment: string | null;
  /** Why nft would not take it, in nft's words; null = it would. */
  readonly fault: string | null;
}

export interface NftChain {
  readonly name: string;
  /** Where it hangs in the kernel, such as `type nat hook prerouting priority dstnat; policy accept;`. */
  readonly hook: string | null;
  readonly rules: readonly NftRule[];
}

export const nftRule = (rule: Partial<NftRule>): NftRule => ({
  match: [],
  counter: false,
  action: [],
  comment: null,
  fault: null,
  ...rule,
});

/** A comment of fw4's own, which never holds double quotes. */
export const fw4Comment = (words: string): string => `!fw4: ${words.replaceAll('"', "'")}`;

export const quoted = (text: string): string => `"${text.replaceAll('"', "'")}"`;
