import type { Forward, PortSpan, Traffic } from '../../provider/rule/rule';
import { MAX_CHANGES, MAX_DESCRIPTION, MAX_ID, MAX_SOURCES, MAX_SPANS } from './limits';
import type { BatchRequest, WantedWire } from './wire';

/*
 * What the agent accepts, by hand: a schema library would take a fifth of the memory that the daemon may have on a router.
 * Strict: an unknown key is an error, since a silently ignored one could open more than was meant. This is the shape
 * alone; what the values mean is the daemon's gate. What is accepted is given back as it came, for it says nothing else.
 */

type Path = readonly (string | number)[];

/** Where we are; a step is taken back only where nothing was wrong. */
type Steps = (string | number)[];

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
  list(changes, [], 'changes', 1, MAX_CHANGES, change);
  return value as BatchRequest;
}

/** An entry out of a body or a state file. Throws WrongShape. */
export function decodeWanted(value: unknown): WantedWire {
  checkWanted(value, []);
  return value as WantedWire;
}

function change(value: unknown, at: Steps): void {
  const op = isRecord(value) ? value.op : undefined;
  if (op !== 'add' && op !== 'edit' && op !== 'remove')
    throw new WrongShape([...at, 'op'], 'must be add, edit or remove');
  const given = record(value, at, KEYS[op]);
  if (op !== 'add') text(given.handle, at, 'handle', 1, 200);
  if (op !== 'remove') within(at, 'wanted', checkWanted, given.wanted);
}

/** What a change of each kind has. */
const KEYS = {
  add: ['op', 'wanted'],
  edit: ['op', 'handle', 'wanted'],
  remove: ['op', 'handle'],
} as const;

function checkWanted(value: unknown, at: Steps): void {
  const { tag, id, forward } = record(value, at, WANTED);
  if (!TAG.test(text(tag, at, 'tag', 1, 64))) throw new WrongShape([...at, 'tag'], 'is not a tag');
  text(id, at, 'id', 3, MAX_ID);
  within(at, 'forward', checkForward, forward);
}

const WANTED = ['tag', 'id', 'forward'] as const satisfies readonly (keyof WantedWire)[];

function checkForward(value: unknown, at: Steps): void {
  const given = record(value, at, FORWARD);
  flag(given.enabled, at, 'enabled');
  list(given.traffic, at, 'traffic', 1, 2, checkTraffic);
  if (given.wan !== null) text(given.wan, at, 'wan', 1, 45);
  within(at, 'target', checkTarget, given.target);
  if (given.sources !== null) list(given.sources, at, 'sources', 1, MAX_SOURCES, checkSource);
  if (given.hairpin !== null) flag(given.hairpin, at, 'hairpin');
  flag(given.log, at, 'log');
  text(given.description, at, 'description', 0, MAX_DESCRIPTION);
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

function checkTraffic(value: unknown, at: Steps): void {
  const { protocol, ports } = record(value, at, TRAFFIC);
  if (protocol !== 'tcp' && protocol !== 'udp')
    throw new WrongShape([...at, 'protocol'], 'must be tcp or udp');
  list(ports, at, 'ports', 1, MAX_SPANS, checkSpan);
}

const TRAFFIC = ['protocol', 'ports'] as const satisfies readonly (keyof Traffic)[];

function checkSpan(value: unknown, at: Steps): void {
  const { from, to, target } = record(value, at, SPAN);
  if (!isPort(from) || !isPort(to) || !isPort(target))
    throw new WrongShape([...at], 'must hold whole ports from 1 to 65535');
}

const SPAN = ['from', 'to', 'target'] as const satisfies readonly (keyof PortSpan)[];

function checkTarget(value: unknown, at: Steps): void {
  if (isRecord(value) && value.kind === 'gateway') {
    record(value, at, ['kind']);
    return;
  }
  const { kind, family, address } = record(value, at, HOST);
  if (kind !== 'host') throw new WrongShape([...at, 'kind'], 'must be host or gateway');
  if (family !== 4 && family !== 6) throw new WrongShape([...at, 'family'], 'must be 4 or 6');
  text(address, at, 'address', 2, 45);
}

const HOST = ['kind', 'family', 'address'] as const;

function checkSource(value: unknown, at: Steps): void {
  text(value, at, null, 3, 49);
}

function isPort(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65535;
}

function flag(value: unknown, at: Steps, key: string): void {
  if (typeof value !== 'boolean') throw new WrongShape([...at, key], 'must be true or false');
}

/** `key` = null for the place itself. */
function text(value: unknown, at: Steps, key: string | null, min: number, max: number): string {
  if (typeof value === 'string' && value.length >= min && value.length <= max) return value;
  throw new WrongShape(key === null ? [...at] : [...at, key], `must be text of ${min} to ${max} characters`);
}

type Check = (value: unknown, at: Steps) => void;

function within(at: Steps, key: string | number, check: Check, value: unknown): void {
  at.push(key);
  check(value, at);
  at.pop();
}

function list(value: unknown, at: Steps, key: string, min: number, max: number, check: Check): void {
  if (!Array.isArray(value) || value.length < min || value.length > max)
    throw new WrongShape([...at, key], `must be a list of ${min} to ${max}`);
  at.push(key);
  for (let index = 0; index < value.length; index += 1) within(at, index, check, value[index]);
  at.pop();
}

/** An object with exactly these keys. */
function record<K extends string>(value: unknown, at: Steps, keys: readonly K[]): Record<K, unknown> {
  if (!isRecord(value)) throw new WrongShape([...at], 'must be an object');
  const missing = keys.find((key) => !Object.hasOwn(value, key));
  const given = Object.keys(value);
  if (missing === undefined && given.length === keys.length) return value as Record<K, unknown>;
  const unknown = given.find((key) => !(keys as readonly string[]).includes(key));
  throw new WrongShape(
    [...at],
    unknown === undefined ? `has no ${missing}` : `has a key that is not known: ${unknown.slice(0, 40)}`,
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
