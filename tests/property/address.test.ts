import assert from 'node:assert/strict';
import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { aggregate, parseAddress, parseCidr, printAddress, printCidr } from '../../provider/rule/address';

const groups = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), {
  minLength: 8,
  maxLength: 8,
});
const value6 = groups.map((words) => words.reduce((sum, word) => (sum << 16n) | BigInt(word), 0n));
const value4 = fc.bigInt({ min: 0n, max: 0xffffffffn });
const mapped = (value: bigint) => value >> 32n === 0xffffn;

test('IPv4 and IPv6: what is printed is parsed to the same', () => {
  fc.assert(
    fc.property(value4, (value) => {
      assert.deepEqual(parseAddress(printAddress({ family: 4, value })), { family: 4, value });
    }),
  );
  fc.assert(
    fc.property(value6, (value) => {
      fc.pre(!mapped(value));
      assert.deepEqual(parseAddress(printAddress({ family: 6, value })), { family: 6, value });
    }),
  );
});

test('IPv6 prints as the URL standard does, which follows RFC 5952', () => {
  fc.assert(
    fc.property(groups, (words) => {
      const long = words.map((word) => word.toString(16).padStart(4, '0')).join(':');
      const address = parseAddress(long);
      fc.pre(address !== null);
      assert.equal(
        `[${printAddress(address as NonNullable<typeof address>)}]`,
        new URL(`http://[${long}]/`).hostname,
      );
    }),
    { numRuns: 1000 },
  );
});

test('any text is accepted exactly where node accepts it, zones and mapped addresses aside', () => {
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom('0', '1', '2', '5', 'a', 'F', ':', ':', '::', '.'), maxLength: 24 }),
    fc.ipV6(),
    fc.ipV4Extended(),
    fc.ipV4(),
  );
  fc.assert(
    fc.property(text, (given) => {
      const address = parseAddress(given);
      if (isIPv6(given)) {
        // the URL standard writes a mapped address as ::ffff:c000:201
        assert.equal(
          address === null,
          new URL(`http://[${given}]/`).hostname.startsWith('[::ffff:') && address === null,
        );
        if (address) assert.equal(mapped(address.value), false);
      } else assert.equal(address !== null, isIPv4(given));
    }),
    { numRuns: 10_000 },
  );
});

test('aggregate covers the same addresses with the fewest networks, in any order', () => {
  const base = 0xc0000200n;
  // every network inside one /28, so that the addresses can be counted
  const network = fc.tuple(fc.nat(15), fc.integer({ min: 28, max: 32 })).map(([host, prefix]) => {
    const bits = BigInt(32 - prefix);
    const first = ((base + BigInt(host)) >> bits) << bits;
    return `${printAddress({ family: 4, value: first })}/${prefix}`;
  });
  const cover = (cidrs: readonly string[]) =>
    Array.from({ length: 18 }, (_, index) => base - 1n + BigInt(index)).filter((value) =>
      cidrs.some((text) => {
        const [address = '', prefix] = text.split('/');
        const numbers = address
          .split('.')
          .map(BigInt)
          .reduce((sum, octet) => sum * 256n + octet, 0n);
        const bits = BigInt(32 - Number(prefix));
        return value >> bits === numbers >> bits;
      }),
    );
  fc.assert(
    fc.property(fc.array(network, { maxLength: 12 }), (cidrs) => {
      const fewest = aggregate(cidrs);
      assert.deepEqual(cover(fewest), cover(cidrs));
      assert.deepEqual(aggregate([...cidrs].reverse()), fewest);
      assert.deepEqual(aggregate(fewest), fewest);
      assert.equal(
        fewest.length,
        fewestPossible(
          cover(cidrs).map((value) => Number(value - base)),
          0,
          16,
        ),
      );
    }),
    { numRuns: 1000 },
  );
});

/** How many aligned blocks cover exactly these hosts of a block of 16: whole, or the sum of its halves. */
function fewestPossible(hosts: readonly number[], start: number, size: number): number {
  const inside = hosts.filter((host) => host >= start && host < start + size);
  if (inside.length === 0) return 0;
  if (inside.length === size) return 1;
  return fewestPossible(inside, start, size / 2) + fewestPossible(inside, start + size / 2, size / 2);
}

test('a CIDR prints to itself, and host bits are refused', () => {
  fc.assert(
    fc.property(value4, fc.nat(32), (value, prefix) => {
      const text = `${printAddress({ family: 4, value })}/${prefix}`;
      const cidr = parseCidr(text);
      const hostBits = value & ((1n << BigInt(32 - prefix)) - 1n);
      assert.equal(cidr === null, hostBits !== 0n);
      if (cidr) assert.equal(printCidr(cidr), text);
    }),
  );
});
