import { parseAddress, printAddress } from '../../provider/rule/address';
import type { Protocol } from '../../provider/rule/rule';
import { canonical, type Json, listIn, type Statement } from './expression';
import type { Network } from './network';
import { protocolName } from './protocol-name';
import { readSources } from './read-guard';
import { elementsOf, type ForeignTable } from './ruleset';

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Statements that say nothing of which packets are meant. */
const NEUTRAL = ['counter', 'log', 'comment', 'mangle', 'limit'];

/** What must hold of a packet on its way to a foreign forward, in our words as far as they go. */
export class Conditions {
  protocols: readonly Protocol[] | null = null;
  ports: readonly Range[] | null = null;
  wan: string | null = null;
  sources: readonly string[] | null = null;
  /** No packet from a WAN can meet it. */
  apart = false;
  private oddities: readonly string[] = [];

  constructor(private readonly network: Network) {}

  copy(): Conditions {
    return Object.assign(new Conditions(this.network), this);
  }

  get restriction(): string | null {
    return this.oddities.length > 0 ? this.oddities.join('; ') : null;
  }

  odd(text: string): void {
    if (!this.oddities.includes(text)) this.oddities = [...this.oddities, text];
  }

  onlyProtocol(protocol: Protocol): void {
    if (this.protocols && !this.protocols.includes(protocol)) this.apart = true;
    this.protocols = [protocol];
  }

  /** False where the value names no ports. */
  onlyPorts(value: Json): boolean {
    const ranges = portsOf(value);
    if (!ranges) return false;
    this.ports = this.ports ? meet(this.ports, ranges) : ranges;
    if (this.ports.length === 0) this.apart = true;
    return true;
  }

  add(table: ForeignTable, statement: Statement): void {
    const word = Object.keys(statement)[0] ?? '';
    if (NEUTRAL.includes(word)) return;
    const match = statement.match as { op: string; left: Json; right: Json } | undefined;
    if (!match || !this.understood(table, match))
      this.odd(`only where ${canonical(statement as Json).slice(0, 200)}`);
  }

  private understood(
    table: ForeignTable,
    { op, left, right: given }: { op: string; left: Json; right: Json },
  ): boolean {
    const named = typeof given === 'string' && given.startsWith('@') ? elementsOf(table, given) : null;
    const right: Json = named ? { set: named } : given;
    const { meta, payload, fib, ct } = (left ?? {}) as Record<string, Record<string, Json> | undefined>;
    const positive = op === '==' || op === 'in';
    const wans = this.network.wans.map(({ name }) => name);
    if (meta?.key === 'iifname' || meta?.key === 'iif') {
      const names = namesOf(right);
      if (!names) return false;
      const met = wans.filter((name) => names.includes(name) === positive);
      if (positive && met.length === 0 && wans.length > 0) this.apart = true;
      else if (positive && names.length === 1) {
        if (this.wan !== null && this.wan !== names[0]) return false;
        this.wan = names[0] as string;
      } else if (met.length < wans.length) return false;
      return true;
    }
    if (fib) return positive && fib.result === 'type' && right === 'local';
    if (ct?.key === 'state') return positive && JSON.stringify(right).includes('new');
    if (meta?.key === 'nfproto') {
      if (right === 'ipv6' && positive) this.apart = true;
      return positive;
    }
    if (!positive) return false;
    if (meta?.key === 'l4proto' || (payload?.protocol === 'ip' && payload.field === 'protocol')) {
      return this.protocolsAre(right);
    }
    const name = payload?.protocol;
    if (name === 'ip' && payload?.field === 'saddr') {
      const sources = readSources(right);
      if (!sources || sources.some((source) => source.includes(':')) || this.sources) return false;
      this.sources = sources.includes('0.0.0.0/0') ? null : sources;
      return true;
    }
    if (name === 'ip' && payload?.field === 'daddr') {
      const address = parseAddress(right);
      if (!address || this.wan !== null) return false;
      this.wan = printAddress(address);
      return true;
    }
    if (name === 'ip6') {
      this.apart = true;
      return true;
    }
    if ((name === 'tcp' || name === 'udp' || name === 'th') && payload?.field === 'dport') {
      if (name !== 'th') this.onlyProtocol(name);
      return this.onlyPorts(right);
    }
    return false;
  }

  private protocolsAre(right: Json): boolean {
    const names = (listIn(right, 'set') ?? [right]).map(protocolName);
    const ours = names.filter((one): one is Protocol => one === 'tcp' || one === 'udp');
    this.protocols = this.protocols ? this.protocols.filter((one) => ours.includes(one)) : ours;
    if (this.protocols.length === 0) this.apart = true;
    return true;
  }
}

function namesOf(value: Json): readonly string[] | null {
  const members = listIn(value, 'set') ?? [value];
  return members.every((one): one is string => typeof one === 'string')
    ? (members as readonly string[])
    : null;
}

function portsOf(value: Json): Range[] | null {
  const members = listIn(value, 'set') ?? [value];
  const ranges: Range[] = [];
  for (const member of members) {
    const [from, to] = listIn(member, 'range') ?? [member, member];
    if (typeof from !== 'number' || typeof to !== 'number' || from < 0 || to > 65535 || from > to)
      return null;
    if (to > 0) ranges.push({ from: Math.max(from, 1), to });
  }
  return ranges;
}

function meet(a: readonly Range[], b: readonly Range[]): Range[] {
  return a.flatMap((one) =>
    b.flatMap((other) => {
      const [from, to] = [Math.max(one.from, other.from), Math.min(one.to, other.to)];
      return from <= to ? [{ from, to }] : [];
    }),
  );
}
