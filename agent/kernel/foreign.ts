import { parseAddress, printAddress } from '../../provider/rule/address';
import type { Forward, PortSpan, Protocol, Target } from '../../provider/rule/rule';
import { joinSpans } from '../../provider/rule/spans';
import { Conditions } from './conditions';
import { type Json, listIn, member, type Statement } from './expression';
import type { ForeignForward } from './kernel';
import type { Network } from './network';
import { elementsOf, type ForeignTable } from './ruleset';

/**
 * Forwards of other tables: every dnat and redirect that a packet from the WAN can meet. What our words cannot
 * express of one is told as its restriction. Pure, never throws.
 */
export function foreignForwards(tables: readonly ForeignTable[], network: Network): ForeignForward[] {
  return tables.flatMap((table) =>
    // IPv6 forwards are pinholes here: another table's translation of IPv6 takes nothing from them.
    table.family === 'ip6'
      ? []
      : [...table.chains.values()]
          .filter(({ base }) => base?.type === 'nat' && base.hook === 'prerouting')
          .flatMap(({ name }) => walk(table, name, new Conditions(network), 0)),
  );
}

function walk(table: ForeignTable, chainName: string, reached: Conditions, depth: number): ForeignForward[] {
  if (depth > 16) return [];
  return (table.chains.get(chainName)?.rules ?? []).flatMap(({ handle, statements }) => {
    const conditions = reached.copy();
    for (const statement of statements) {
      const target = jumpTarget(statement);
      if (target !== null) return conditions.apart ? [] : walk(table, target, conditions, depth + 1);
      if ('dnat' in statement || 'redirect' in statement || isXtNat(statement)) {
        if (conditions.apart) return [];
        const place = `${table.family} ${table.name} ${chainName} ${handle}`;
        return ends(table, statement, conditions).map(({ forward, restriction }, at, all) => ({
          handle: all.length === 1 ? place : `${place} ${at}`,
          forward,
          restriction,
          label: `${'redirect' in statement ? 'redirect' : 'dnat'} in table ${table.family} ${table.name}, chain ${chainName}`,
        }));
      }
      conditions.add(table, statement);
    }
    return [];
  });
}

function jumpTarget(statement: Statement): string | null {
  const target = member(statement.jump ?? statement.goto, 'target');
  return typeof target === 'string' ? target : null;
}

function isXtNat({ xt }: Statement): boolean {
  const name = member(xt, 'name');
  return name === 'DNAT' || name === 'REDIRECT';
}

interface End {
  readonly forward: Forward;
  readonly restriction: string | null;
}

/** Where the statement sends packets: one end, or one for each element of its map. */
function ends(table: ForeignTable, statement: Statement, conditions: Conditions): End[] {
  if ('redirect' in statement) {
    const { port = null } = (statement.redirect ?? {}) as { port?: Json };
    return [end(conditions, { kind: 'gateway' }, port)];
  }
  const { addr = null, port = null } = (statement.dnat ?? {}) as { addr?: Json; port?: Json };
  const map = member(addr, 'map');
  if (map) {
    const elements = elementsOf(table, member(map, 'data') ?? null);
    const found = (elements ?? []).map((pair) =>
      mapped(conditions, pair as readonly Json[], port, keyed(member(map, 'key'))),
    );
    if (elements && found.every((one) => one !== null)) return found;
  }
  const address = hostOf(addr);
  if (address) return [end(conditions, address, port)];
  const unreadable = conditions.copy();
  unreadable.odd('its target cannot be read');
  return [end(unreadable, { kind: 'gateway' }, null)];
}

/** One element `key : target`, where the key names a port and perhaps a protocol. */
function mapped(
  conditions: Conditions,
  pair: readonly Json[],
  port: Json,
  keyed: Protocol | null,
): End | null {
  const [key, value] = Array.isArray(pair) ? pair : [];
  const keys = listIn(key, 'concat') ?? [key ?? null];
  const values = listIn(value, 'concat') ?? [value ?? null];
  const address = hostOf(values[0] ?? null);
  const narrowed = conditions.copy();
  const protocol = keys.length === 2 ? keys[0] : keyed;
  if (protocol !== null && protocol !== 'tcp' && protocol !== 'udp') return null;
  if (!address || keys.length > 2 || !narrowed.onlyPorts(keys.at(-1) ?? null)) return null;
  if (protocol) narrowed.onlyProtocol(protocol);
  return end(narrowed, address, values[1] ?? port);
}

/** The protocol that a map's key implies: `tcp dport` is of TCP alone. */
function keyed(key: Json | undefined): Protocol | null {
  const protocol = member(member(key, 'payload'), 'protocol');
  return protocol === 'tcp' || protocol === 'udp' ? protocol : null;
}

function hostOf(value: Json): Target | null {
  const address = parseAddress(value);
  return address?.family === 4 ? { kind: 'host', family: 4, address: printAddress(address) } : null;
}

function end(conditions: Conditions, target: Target, port: Json): End {
  const told = conditions.copy();
  const ranges = told.ports ?? [{ from: 1, to: 65535 }];
  const spans = ranges.map((range): PortSpan => {
    if (port === null) return { ...range, target: range.from };
    if (typeof port === 'number' && range.from === range.to) return { ...range, target: port };
    const [first, last] = listIn(port, 'range') ?? [];
    // A range as destination keeps the port where it lies in it.
    if (typeof first === 'number' && typeof last === 'number' && first <= range.from && range.to <= last) {
      return { ...range, target: range.from };
    }
    told.odd('it sends several ports to other ports');
    return { ...range, target: range.from };
  });
  const protocols: readonly Protocol[] = told.protocols ?? ['tcp', 'udp'];
  return {
    forward: {
      enabled: true,
      traffic: protocols.map((protocol) => ({ protocol, ports: joinSpans(spans) })),
      wan: told.wan,
      target,
      sources: told.sources,
      hairpin: null,
      log: false,
      description: '',
    },
    restriction: told.restriction,
  };
}
