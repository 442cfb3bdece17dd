import type { Forward } from '../../provider/rule/rule';
import { MAX_CHANGES, MAX_DESCRIPTION, MAX_ID, MAX_SOURCES, MAX_SPANS } from './limits';
import type { BatchRequest, WantedWire } from './wire';

/*
 * What the agent accepts, by hand: a schema library would take a fifth of the memory that the daemon may have on a router.
 * Strict: an unknown key is an error, since a silently ignored one could open more than was meant. This is the shape
 * alone; what the values mean is the daemon's gate. What is accepted is given back as it came, for it says nothing else.
 */

type Path = readonly (string | number)[];

/** The value at `path` is not what is accepted. */
export class WrongShape extends Error {
  constructor(
    readonly path: Path,
    readonly reason: string,
  ) {
    super(`${path.join('.') || 'the body'}: ${reason}`);
  }
}

/** A tag in full; it becomes the name of a chain, so nothing else may be in it. */
const TAG = /^pf1_[0-9a-f]{16}_[0-9a-f]{8}_(?:0|[1-9][0-9]{0,4})$/;

/** A batch out of a parsed body. Throws WrongShape. */
export function decodeBatch(value: unknown): BatchRequest {
  const { changes } = record(value, [], ['changes']);
  list(changes, ['changes'], 1, MAX_CHANGES, change);
  return value as BatchRequest;
}

/** An entry out of a body or a state file. Throws WrongShape. */
export function decodeWanted(value: unknown, path: Path = []): WantedWire {
  const { tag, id, forward } = record(value, path, ['tag', 'id', 'forward']);
  if (!TAG.test(text(tag, path, 'tag', 1, 64))) throw new WrongShape([...path, 'tag'], 'is not a tag');
  text(id, path, 'id', 3, MAX_ID);
  checkForward(forward, [...path, 'forward']);
  return value as WantedWire;
}

function change(value: unknown, path: Path): void {
  const op = isRecord(value) ? value.op : undefined;
  if (op !== 'add' && op !== 'edit' && op !== 'remove')
    throw new WrongShape([...path, 'op'], 'must be add, edit or remove');
  const given = record(value, path, KEYS[op]);
  if (op !== 'add') text(given.handle, path, 'handle', 1, 200);
  if (op !== 'remove') decodeWanted(given.wanted, [...path, 'wanted']);
}

/** What a change of each kind has. */
const KEYS = {
  add: ['op', 'wanted'],
  edit: ['op', 'handle', 'wanted'],
  remove: ['op', 'handle'],
} as const;

function checkForward(value: unknown, path: Path): void {
  const given = record(value, path, FORWARD);
  flag(given.enabled, path, 'enabled');
  list(given.traffic, [...path, 'traffic'], 1, 2, checkTraffic);
  if (given.wan !== null) text(given.wan, path, 'wan', 1, 45);
  checkTarget(given.target, [...path, 'target']);
  if (given.sources !== null)
    list(given.sources, [...path, 'sources'], 1, MAX_SOURCES, (one, where) => text(one, where, null, 3, 49));
  if (given.hairpin !== null) flag(given.hairpin, path, 'hairpin');
  flag(given.log, path, 'log');
  text(given.description, path, 'description', 0, MAX_DESCRIPTION);
}

const FORWARD = [
  'enabled',
  'traffic',
  'wan',
  'target',
  'sources',
  'hairpin',
  'log',
  'description',
] as const satisfies readonly (keyof Forward)[];

function checkTraffic(value: unknown, path: Path): void {
  const { protocol, ports } = record(value, path, ['protocol', 'ports']);
  if (protocol !== 'tcp' && protocol !== 'udp')
    throw new WrongShape([...path, 'protocol'], 'must be tcp or udp');
  list(ports, [...path, 'ports'], 1, MAX_SPANS, checkSpan);
}

function checkSpan(value: unknown, path: Path): void {
  const { from, to, target } = record(value, path, ['from', 'to', 'target']);
  port(from, path);
  port(to, path);
  port(target, path);
}

function checkTarget(value: unknown, path: Path): void {
  if (isRecord(value) && value.kind === 'gateway') {
    record(value, path, ['kind']);
    return;
  }
  const { kind, family, address } = record(value, path, ['kind', 'family', 'address']);
  if (kind !== 'host') throw new WrongShape([...path, 'kind'], 'must be host or gateway');
  if (family !== 4 && family !== 6) throw new WrongShape([...path, 'family'], 'must be 4 or 6');
  text(address, path, 'address', 2, 45);
}

function port(value: unknown, path: Path): void {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65535) return;
  throw new WrongShape(path, 'must hold whole ports from 1 to 65535');
}

function flag(value: unknown, path: Path, key: string): void {
  if (typeof value !== 'boolean') throw new WrongShape([...path, key], 'must be true or false');
}

/** `key` = null for the place itself. */
function text(value: unknown, path: Path, key: string | null, min: number, max: number): string {
  if (typeof value === 'string' && value.length >= min && value.length <= max) return value;
  throw new WrongShape(key === null ? path : [...path, key], `must be text of ${min} to ${max} characters`);
}

function list(
  value: unknown,
  path: Path,
  min: number,
  max: number,
  check: (value: unknown, path: Path) => void,
): void {
  if (!Array.isArray(value) || value.length < min || value.length > max)
    throw new WrongShape(path, `must be a list of ${min} to ${max}`);
  for (const [index, one] of value.entries()) check(one, [...path, index]);
}

/** An object with exactly these keys. */
function record<K extends string>(value: unknown, path: Path, keys: readonly K[]): Record<K, unknown> {
  if (!isRecord(value)) throw new WrongShape(path, 'must be an object');
  const missing = keys.find((key) => !Object.hasOwn(value, key));
  const given = Object.keys(value);
  if (missing === undefined && given.length === keys.length) return value as Record<K, unknown>;
  const unknown = given.find((key) => !(keys as readonly string[]).includes(key));
  throw new WrongShape(
    path,
    unknown === undefined ? `has no ${missing}` : `has a key that is not known: ${unknown.slice(0, 40)}`,
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
