import type { Forward, PortSpan, Target, Traffic } from '../../provider/rule/rule';
import { MAX_CHANGES, MAX_DESCRIPTION, MAX_ID, MAX_SOURCES, MAX_SPANS } from './limits';
import type { BatchRequest, ChangeWire, WantedWire } from './wire';

/*
 * What the agent accepts, by hand: a schema library would take a fifth of the memory that the daemon may have on a router.
 * Strict: an unknown key is an error, since a silently ignored one could open more than was meant. This is the shape
 * alone; what the values mean is the daemon's gate.
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
  return { changes: list(changes, ['changes'], 1, MAX_CHANGES, change) };
}

/** An entry out of a body or a state file. Throws WrongShape. */
export function decodeWanted(value: unknown, path: Path = []): WantedWire {
  const given = record(value, path, ['tag', 'id', 'forward']);
  const tag = text(given.tag, [...path, 'tag'], 1, 64);
  if (!TAG.test(tag)) throw new WrongShape([...path, 'tag'], 'is not a tag');
  return {
    tag,
    id: text(given.id, [...path, 'id'], 3, MAX_ID),
    forward: decodeForward(given.forward, [...path, 'forward']),
  };
}

function change(value: unknown, path: Path): ChangeWire {
  const op = isRecord(value) ? value.op : undefined;
  switch (op) {
    case 'add': {
      const given = record(value, path, ['op', 'wanted']);
      return { op, wanted: decodeWanted(given.wanted, [...path, 'wanted']) };
    }
    case 'edit': {
      const given = record(value, path, ['op', 'handle', 'wanted']);
      return {
        op,
        handle: handle(given.handle, path),
        wanted: decodeWanted(given.wanted, [...path, 'wanted']),
      };
    }
    case 'remove':
      return { op, handle: handle(record(value, path, ['op', 'handle']).handle, path) };
    default:
      throw new WrongShape([...path, 'op'], 'must be add, edit or remove');
  }
}

function handle(value: unknown, path: Path): string {
  return text(value, [...path, 'handle'], 1, 200);
}

function decodeForward(value: unknown, path: Path): Forward {
  const keys = ['enabled', 'traffic', 'wan', 'target', 'sources', 'hairpin', 'log', 'description'] as const;
  const given = record(value, path, keys);
  const at = (key: (typeof keys)[number]): Path => [...path, key];
  return {
    enabled: flag(given.enabled, at('enabled')),
    traffic: list(given.traffic, at('traffic'), 1, 2, traffic),
    wan: given.wan === null ? null : text(given.wan, at('wan'), 1, 45),
    target: target(given.target, at('target')),
    sources:
      given.sources === null
        ? null
        : list(given.sources, at('sources'), 1, MAX_SOURCES, (one, where) => text(one, where, 3, 49)),
    hairpin: given.hairpin === null ? null : flag(given.hairpin, at('hairpin')),
    log: flag(given.log, at('log')),
    description: text(given.description, at('description'), 0, MAX_DESCRIPTION),
  };
}

function traffic(value: unknown, path: Path): Traffic {
  const { protocol, ports } = record(value, path, ['protocol', 'ports']);
  if (protocol !== 'tcp' && protocol !== 'udp')
    throw new WrongShape([...path, 'protocol'], 'must be tcp or udp');
  return { protocol, ports: list(ports, [...path, 'ports'], 1, MAX_SPANS, span) };
}

function span(value: unknown, path: Path): PortSpan {
  const { from, to, target: first } = record(value, path, ['from', 'to', 'target']);
  return { from: port(from, path), to: port(to, path), target: port(first, path) };
}

function target(value: unknown, path: Path): Target {
  if (isRecord(value) && value.kind === 'gateway') {
    record(value, path, ['kind']);
    return { kind: 'gateway' };
  }
  const { kind, family, address } = record(value, path, ['kind', 'family', 'address']);
  if (kind !== 'host') throw new WrongShape([...path, 'kind'], 'must be host or gateway');
  if (family !== 4 && family !== 6) throw new WrongShape([...path, 'family'], 'must be 4 or 6');
  return { kind, family, address: text(address, [...path, 'address'], 2, 45) };
}

function port(value: unknown, path: Path): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65535) return value;
  throw new WrongShape(path, 'must hold whole ports from 1 to 65535');
}

function flag(value: unknown, path: Path): boolean {
  if (typeof value === 'boolean') return value;
  throw new WrongShape(path, 'must be true or false');
}

function text(value: unknown, path: Path, min: number, max: number): string {
  if (typeof value === 'string' && value.length >= min && value.length <= max) return value;
  throw new WrongShape(path, `must be text of ${min} to ${max} characters`);
}

function list<T>(
  value: unknown,
  path: Path,
  min: number,
  max: number,
  item: (value: unknown, path: Path) => T,
): T[] {
  if (!Array.isArray(value) || value.length < min || value.length > max)
    throw new WrongShape(path, `must be a list of ${min} to ${max}`);
  return value.map((one, index) => item(one, [...path, index]));
}

/** An object with exactly these keys. */
function record<K extends string>(value: unknown, path: Path, keys: readonly K[]): Record<K, unknown> {
  if (!isRecord(value)) throw new WrongShape(path, 'must be an object');
  const unknown = Object.keys(value).find((key) => !(keys as readonly string[]).includes(key));
  if (unknown !== undefined)
    throw new WrongShape(path, `has a key that is not known: ${unknown.slice(0, 40)}`);
  const missing = keys.find((key) => !Object.hasOwn(value, key));
  if (missing !== undefined) throw new WrongShape(path, `has no ${missing}`);
  return value as Record<K, unknown>;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
