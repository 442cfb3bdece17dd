import fc from 'fast-check';
import { decodeBatch, WrongShape } from '../../../agent/api/request';
import { wanted } from '../support/wanted';

const { tag, id, forward } = wanted({ name: 'web', sources: ['203.0.113.0/24'], wan: 'wan0', hairpin: true });
const entry = { tag, id, forward };
const batch = {
  changes: [
    { op: 'add', wanted: entry },
    { op: 'edit', handle: tag, wanted: { ...entry, forward: { ...forward, target: { kind: 'gateway' } } } },
    { op: 'remove', handle: tag },
  ],
};

/** Every place in a value, as a path. */
function places(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Array.isArray(value)
    ? value.map((one, index) => [index, one] as const)
    : Object.entries(value);
  return [path, ...inner.flatMap(([key, one]) => places(one, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: readonly (string | number)[], by: unknown): unknown {
  if (key === undefined) return by;
  const copy: Record<string | number, unknown> = Array.isArray(value)
    ? ([...value] as unknown as Record<number, unknown>)
    : { ...(value as object) };
  copy[key] = replaced(copy[key], rest, by);
  return copy;
}

test('takes what our client sends, unchanged', () => {
  expect(decodeBatch(JSON.parse(JSON.stringify(batch)))).toEqual(batch);
});

test('refuses another type at any place, and names the place', () => {
  for (const path of places(batch)) {
    for (const by of [undefined, {}, [], -1, 1.5, '', 'x'.repeat(5000), Symbol('x')]) {
      const changed = replaced(batch, path, by);
      try {
        // A hairpin, a WAN, sources and texts may be others; then what comes out is what went in.
        expect(decodeBatch(changed)).toEqual(changed);
      } catch (error) {
        if (!(error instanceof WrongShape)) throw error;
        expect(error.message.length).toBeLessThan(300);
      }
    }
  }
});

test.each<[place: string, by: unknown, named?: string]>([
  ['changes', {}],
  ['changes.1.op', 'swap'],
  ['changes.2.handle', 7],
  ['changes.1.handle', ''],
  ['changes.1.wanted', []],
  ['changes.1.wanted.tag', `${tag}; flush ruleset`],
  ['changes.0.wanted.id', 'x'.repeat(5000)],
  ['changes.0.wanted.forward', null],
  ['changes.0.wanted.forward.enabled', 'yes'],
  ['changes.1.wanted.forward.traffic', []],
  ['changes.1.wanted.forward.traffic.0.protocol', 'sctp'],
  ['changes.1.wanted.forward.traffic.0.ports.0.to', 65_536, 'changes.1.wanted.forward.traffic.0.ports.0'],
  ['changes.1.wanted.forward.wan', 1],
  ['changes.0.wanted.forward.target.family', 5],
  ['changes.0.wanted.forward.target.address', 0x7f000001],
  ['changes.1.wanted.forward.sources.0', 24],
  ['changes.1.wanted.forward.hairpin', 0],
  ['changes.1.wanted.forward.log', null],
  ['changes.1.wanted.forward.description', 'x'.repeat(5000)],
])('names the place that is wrong, after all that was right before it: %s', (place, by, named = place) => {
  const path = place.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  expect(() => decodeBatch(replaced(batch, path, by))).toThrow(
    new RegExp(`^${named.replaceAll('.', '\\.')}: `),
  );
});

test('what an object inherits is not what it has', () => {
  for (const text of [
    JSON.stringify(batch).replace('"op":"remove"', '"__proto__":{"op":"remove"}'),
    JSON.stringify(batch).replace('"op":"remove"', '"op":"remove","__proto__":{"handle":"x"}'),
    JSON.stringify(batch).replace('"log":false', '"__proto__":{"log":false}'),
  ]) {
    expect(() => decodeBatch(JSON.parse(text))).toThrow(WrongShape);
  }
});

test('refuses one key too many and one too few, anywhere', () => {
  for (const path of places(batch)) {
    const at = path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], batch);
    if (typeof at !== 'object' || at === null || Array.isArray(at)) continue;
    expect(() => decodeBatch(replaced(batch, path, { ...at, extra: 1 }))).toThrow(WrongShape);
    for (const key of Object.keys(at)) {
      const { [key]: _, ...rest } = at as Record<string, unknown>;
      expect(() => decodeBatch(replaced(batch, path, rest))).toThrow(WrongShape);
    }
  }
});

test('survives anything that JSON can say', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(() => decodeBatch(value)).toThrow(WrongShape);
    }),
  );
});
