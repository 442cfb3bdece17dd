import type { RecordedEntry, RuleState } from '../../session/state';

/**
 * What the engine keeps of a rule for us alone. Handles and leases change behind the engine's back: as attributes they would
 * make every refresh show drift. Users' states hold this shape for ever: add, never rename.
 */
export interface Private {
  readonly entries: readonly RecordedEntry[];
  readonly renewalDue?: string;
  /** A write came to an unclear end: the next plan makes an update, whatever the attributes say. */
  readonly unsettled?: true;
  /** Only on the way through one plan: by which of its rules this is. */
  readonly token?: string;
}

const VERSION = 1;

const NOTHING: Private = { entries: [] };

export function encodePrivate(kept: Private): Uint8Array {
  return Buffer.from(JSON.stringify({ v: VERSION, ...kept }));
}

/** Tolerant: without it the entries are found by their tag, so a damaged one is as good as none. */
export function decodePrivate(bytes: Uint8Array): Private {
  if (bytes.length === 0) return NOTHING;
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return NOTHING;
  }
  if (typeof value !== 'object' || value === null) return NOTHING;
  const { entries, renewalDue, unsettled, token } = value as Readonly<Record<string, unknown>>;
  return {
    entries: Array.isArray(entries) ? entries.filter(isEntry) : [],
    ...(typeof renewalDue === 'string' ? { renewalDue } : {}),
    ...(unsettled === true ? { unsettled } : {}),
    ...(typeof token === 'string' ? { token } : {}),
  };
}

/** What is kept of a recorded rule. */
export function privateOf({ entries, renewalDue }: RuleState): Private {
  return { entries, ...(renewalDue === undefined ? {} : { renewalDue }) };
}

function isEntry(value: unknown): value is RecordedEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { tag, content, handle, permanent } = value as Readonly<Record<string, unknown>>;
  return [tag, content, handle].every((text) => typeof text === 'string') && typeof permanent === 'boolean';
}
