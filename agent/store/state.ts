import { createHash, randomBytes } from 'node:crypto';
import { decodeWanted, WrongShape } from '../api/request';
import type { WantedWire } from '../api/wire';

/** What we want the kernel to hold, in one generation. */
export interface State {
  /** Made anew with the state directory and by every restore of an older generation: numbers alone could repeat. */
  readonly lineage: string;
  /** Grows by one with every batch. */
  readonly number: number;
  /** ISO time at which it was written. */
  readonly at: string;
  /** Disabled entries too; sorted by nothing, tags are unique. */
  readonly entries: readonly WantedWire[];
}

const FORMAT = 1;

export function newLineage(): string {
  return randomBytes(4).toString('hex');
}

/** The text for If-Match and ETag: `4f1c09ab-12`. */
export function generationOf(state: State): string {
  return `${state.lineage}-${state.number}`;
}

export function encodeState(state: State): string {
  const text = JSON.stringify(bare(state));
  // One object: the head's two members come before those of the state.
  const head = JSON.stringify({ format: FORMAT, sha256: digest(text) });
  return `${head.slice(0, -1)},${text.slice(1)}\n`;
}

/** The state in this text, or why it cannot be trusted. Never throws. */
export function decodeState(text: string): State | { readonly reason: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { reason: text.length === 0 ? 'it is empty' : 'it is torn or no JSON' };
  }
  if (typeof value === 'object' && value !== null && 'format' in value && value.format !== FORMAT)
    return { reason: `it has format ${String(value.format)}, this agent knows format ${FORMAT}` };
  const read = shaped(value);
  if (read === null) return { reason: 'it does not have the shape of a state file' };
  const { sha256, state } = read;
  if (sha256 !== digest(JSON.stringify(bare(state))))
    return { reason: 'its checksum does not fit its content' };
  if (new Set(state.entries.map(({ tag }) => tag)).size !== state.entries.length)
    return { reason: 'it holds one tag twice' };
  return state;
}

function shaped(value: unknown): { readonly sha256: string; readonly state: State } | null {
  const { sha256, lineage, number, at, entries } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof sha256 !== 'string' || typeof at !== 'string' || !Array.isArray(entries)) return null;
  if (typeof lineage !== 'string' || !/^[0-9a-f]{8}$/.test(lineage)) return null;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0) return null;
  try {
    return { sha256, state: { lineage, number, at, entries: entries.map((entry) => decodeWanted(entry)) } };
  } catch (error) {
    if (error instanceof WrongShape) return null;
    throw error;
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Key order is part of the checksum. */
function bare({ lineage, number, at, entries }: State) {
  return {
    lineage,
    number,
    at,
    entries: entries.map(({ tag, id, forward }) => ({ tag, id, forward: canonical(forward) })),
  };
}

/** The same forward with its keys in one order, so that equal ones give equal texts. */
export function canonical(forward: WantedWire['forward']): WantedWire['forward'] {
  const { enabled, traffic, wan, target, sources, hairpin, log, description } = forward;
  return {
    enabled,
    traffic: traffic.map(({ protocol, ports }) => ({
      protocol,
      ports: ports.map(({ from, to, target: first }) => ({ from, to, target: first })),
    })),
    wan,
    target:
      target.kind === 'host'
        ? { kind: 'host', family: target.family, address: target.address }
        : { kind: 'gateway' },
    sources,
    hairpin,
    log,
    description,
  };
}
