import { UNKNOWN } from '../../rule/rule';
import type { DynamicValue, RawState } from '../wire/messages';
import { conform, type Manners } from './conform';
import { type Side, unreadable } from './fault';
import { unpack } from './pack';
import { unsound } from './sound';
import type { Typed, Values } from './type';

/** Engines write a number that no machine number holds exactly, such as 0.1, as text. */
const fromEngine: Manners = {
  side: 'engine',
  extras: 'refused',
  number: (value) => {
    const number = typeof value === 'string' && /^-?[0-9]/.test(value) ? Number(value) : value;
    return typeof number === 'number' && !Number.isNaN(number) ? number : undefined;
  },
};

/** States of other versions have attributes that are gone, and lack new ones. */
const fromState: Manners = {
  side: 'state',
  extras: 'dropped',
  number: (value) => (typeof value === 'number' ? value : undefined),
};

/**
 * What the engine sent, every attribute there; null for a null object (nothing there yet, or no longer).
 * Throws PortforwardError `internal` for what is not a value of this block.
 */
export function decode(block: Typed, value: DynamicValue | null): Values | null {
  if (value === null) return null;
  const { msgpack, json } = value;
  const plain = msgpack.length > 0 ? unpacked(msgpack) : json.length > 0 ? parsed(json, 'engine') : null;
  return objectOf(block, conform(block.type, plain, fromEngine));
}

/** A stored state, whatever the version of its schema: what this one does not have is dropped, what is missing is null. */
export function decodeJson(block: Typed, state: RawState | null): Values | null {
  if (state === null) return null;
  if (state.json.length === 0)
    throw unreadable('state', 'it has no JSON, as states of Terraform before 0.12');
  return objectOf(block, conform(block.type, parsed(state.json, 'state'), fromState));
}

/** Of an object that is wholly unknown each attribute is. */
function objectOf({ type: [, attributes] }: Typed, value: unknown): Values | null {
  if (value !== UNKNOWN) return value as Values | null;
  return Object.fromEntries(Object.keys(attributes).map((name) => [name, UNKNOWN]));
}

function unpacked(bytes: Uint8Array): unknown {
  const fault = unsound(bytes);
  if (fault !== null) throw unreadable('engine', fault);
  try {
    return unpack(bytes);
  } catch {
    // The library's words may show what it met.
    throw unreadable('engine', 'it has keys that no object of ours can have');
  }
}

function parsed(json: Buffer, side: Side): unknown {
  try {
    return JSON.parse(json.toString('utf8'));
  } catch {
    throw unreadable(side, 'it is not valid JSON');
  }
}
