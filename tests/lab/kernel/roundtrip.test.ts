import fc from 'fast-check';
import type { KernelEntry } from '../../../agent/kernel/kernel';
import { addresses } from '../../../lab/namespaces/network';
import { makeTag } from '../../../provider/rule/identity';
import type { Forward, PortSpan } from '../../../provider/rule/rule';
import { normaliseSources } from '../../../provider/rule/sources';
import { joinSpans } from '../../../provider/rule/spans';
import { describeWhere, missingForLab } from '../../support/needs';
import { Practice } from './practice';

jest.setTimeout(240_000);

/** Few ports, so that entries often share some, and some at the ends of the line. */
const base = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 65_500, max: 65_535 }));

const spans = (shift: boolean): fc.Arbitrary<PortSpan[]> =>
  fc
    .array(fc.tuple(base, fc.integer({ min: 0, max: 9 }), fc.option(fc.integer({ min: 1, max: 65_500 }))), {
      minLength: 1,
      maxLength: 3,
    })
    .map((drawn) => {
      const found: PortSpan[] = [];
      for (const [from, width, target] of drawn) {
        const to = Math.min(from + width, 65_535);
        if (found.some((span) => span.from <= to && from <= span.to)) continue;
        found.push({ from, to, target: shift && target !== null ? target : from });
      }
      return joinSpans(found);
    });

const cidr4 = fc
  .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 }), fc.integer({ min: 9, max: 32 }))
  .map(([a, b, bits]) => {
    const value = ((203 << 24) | (a << 16) | (b << 8) | 77) >>> 0;
    const first = bits === 32 ? value : (value & ~((1 << (32 - bits)) - 1)) >>> 0;
    return `${[24, 16, 8, 0].map((at) => (first >>> at) & 255).join('.')}/${bits}`;
  });
const cidr6 = fc
  .integer({ min: 0, max: 0xffff })
  .map((word) =>
    word % 3 === 0 ? `2001:db8:${word.toString(16)}::/48` : `2001:db8:7::${word.toString(16)}/128`,
  );

const sources = (cidr: fc.Arbitrary<string>) =>
  fc.option(fc.array(cidr, { minLength: 1, maxLength: 6 })).map((list) => list && normaliseSources(list));

const forward: fc.Arbitrary<Forward> = fc.boolean().chain((pinhole) =>
  fc.record({
    enabled: fc.constant(true),
    traffic: fc
      .tuple(fc.option(spans(!pinhole)), spans(!pinhole))
      .map(([tcp, udp]) => [
        ...(tcp ? [{ protocol: 'tcp' as const, ports: tcp }] : []),
        ...(tcp && tcp.length > 1 ? [] : [{ protocol: 'udp' as const, ports: udp }]),
      ]),
    wan: pinhole
      ? fc.constantFrom(null, 'wan0', 'ppp-7.x')
      : fc.constantFrom(null, 'wan0', 'wan1', 'ppp-7.x', addresses.gateway.wan, '203.0.113.9'),
    target: pinhole
      ? fc
          .constantFrom(addresses.server.lan6, addresses.desk.lan6)
          .map((address) => ({ kind: 'host' as const, family: 6 as const, address }))
      : fc.oneof(
          fc.constant({ kind: 'gateway' as const }),
          fc
            .constantFrom(addresses.server.lan, addresses.desk.lan)
            .map((address) => ({ kind: 'host' as const, family: 4 as const, address })),
        ),
    sources: sources(pinhole ? cidr6 : cidr4),
    hairpin: pinhole ? fc.constant(null) : fc.boolean(),
    log: fc.boolean(),
    description: fc.constant(''),
  }),
);

const table: fc.Arbitrary<KernelEntry[]> = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 12 }), forward), {
    selector: ([name]) => name,
    maxLength: 9,
  })
  .map((drawn) => drawn.map(([name, one]) => ({ tag: makeTag(`lab/test/${name}`, one, 0), forward: one })));

describeWhere(missingForLab(), 'any table', () => {
  let practice: Practice;
  beforeAll(async () => {
    practice = await Practice.start();
  });
  afterAll(() => practice?.stop());

  /** Our table without handles, counts, epoch and order. */
  const listing = async (): Promise<string[]> => {
    const { nftables } = JSON.parse(
      await practice.gateway('nft', '-j', 'list', 'table', 'inet', 'portforward'),
    );
    return (nftables as Record<string, Record<string, unknown>>[])
      .map((object) => {
        const [kind, fields] = Object.entries(object)[0] as [string, Record<string, unknown>];
        const { handle: _, packets: __, bytes: ___, elem, ...rest } = fields;
        const elements = Array.isArray(elem) ? elem.map((one) => JSON.stringify(one)).sort() : undefined;
        return JSON.stringify([kind, rest, elements]);
      })
      .filter((text) => !/"name":"(?:wan4_|epoch_)/.test(text))
      .sort();
  };

  test('is read back as it was written, and a change gives the same as writing it whole', async () => {
    await fc.assert(
      fc.asyncProperty(table, table, table, async (first, second, third) => {
        await practice.kernel.restore(first);
        await practice.kernel.apply(first, second);
        await practice.kernel.apply(second, third);
        const changed = await listing();
        const { ours, intact } = await practice.kernel.read();
        expect(intact).toBe(true);
        const byTag = (entries: readonly KernelEntry[]) =>
          [...entries].sort((a, b) => a.tag.localeCompare(b.tag));
        expect(byTag(ours)).toEqual(
          byTag(third).map((entry) => ({ ...entry, restriction: null, blocked: null })),
        );
        await practice.kernel.restore(third);
        expect(changed).toEqual(await listing());
      }),
      { numRuns: 20 },
    );
  });
});
