/** Bytes of one request's body; 1 000 rules with a few sources each take about half. */
export const MAX_BODY = 2 * 1024 * 1024;

/** Entries that one agent keeps unless `--max-rules` says otherwise, disabled ones included. */
export const DEFAULT_MAX_RULES = 2000;

/** Changes in one batch: every rule replaced once. */
export const MAX_CHANGES = 2 * 10_000;

/** Port spans of one protocol in one entry. */
export const MAX_SPANS = 512;

/** Source prefixes of one entry. */
export const MAX_SOURCES = 1024;

/** Ports that go to other numbers take one kernel element each; this many fit on one gateway, over all entries. */
export const MAX_SHIFTED_PORTS = 20_000;

/** Characters of `<owner>/<name>`. */
export const MAX_ID = 512;

/** Characters of a description. */
export const MAX_DESCRIPTION = 1024;
