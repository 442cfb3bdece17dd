/** No value of ours is nested half as deep. */
const MAX_DEPTH = 32;

/** What follows the first byte of a value: a length field, bytes to skip, and values, per unit of the length. */
interface Head {
  readonly length?: 1 | 2 | 4;
  readonly bytes?: number;
  readonly perUnit?: 'byte' | 'value' | 'pair';
}

/** The first bytes 0xc0-0xdf, from https://github.com/msgpack/msgpack/blob/master/spec.md; null = never used. */
const HEADS: readonly (Head | null)[] = [
  {}, // nil
  null,
  {}, // false
  {}, // true
  ...([1, 2, 4] as const).map((length) => ({ length, perUnit: 'byte' as const })), // bin
  ...([1, 2, 4] as const).map((length) => ({ length, bytes: 1, perUnit: 'byte' as const })), // ext: and its type
  ...[4, 8].map((bytes) => ({ bytes })), // float
  ...[1, 2, 4, 8].map((bytes) => ({ bytes })), // uint
  ...[1, 2, 4, 8].map((bytes) => ({ bytes })), // int
  ...[1, 2, 4, 8, 16].map((bytes) => ({ bytes: 1 + bytes })), // fixext
  ...([1, 2, 4] as const).map((length) => ({ length, perUnit: 'byte' as const })), // str
  ...([2, 4] as const).map((length) => ({ length, perUnit: 'value' as const })), // array
  ...([2, 4] as const).map((length) => ({ length, perUnit: 'pair' as const })), // map
];

/**
 * Why these bytes are not one whole MessagePack value, or null. Takes one pass and no memory: the library makes room for as
 * many elements as a message claims, at every level of nesting, before it sees that they are not there.
 */
export function unsound(bytes: Uint8Array): string | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  /** Values still to come at each level. */
  const open = [1];
  let at = 0;
  for (let level = open.length; level > 0; level = open.length) {
    if ((open[level - 1] as number) === 0) {
      open.pop();
      continue;
    }
    (open[level - 1] as number)--;
    if (at >= bytes.length) return 'it is cut short';
    const first = bytes[at++] as number;
    const head = headOf(first);
    if (head === null) return 'it has a byte that means nothing';
    const { length, bytes: fixed = 0, perUnit } = head;
    if (at + (length ?? 0) > bytes.length) return 'it is cut short';
    const units = length === undefined ? unitsOf(first) : readLength(view, at, length);
    at += (length ?? 0) + fixed + (perUnit === 'byte' ? units : 0);
    const values = perUnit === 'pair' ? 2 * units : perUnit === 'value' ? units : 0;
    // Every value takes a byte at least.
    if (at + values > bytes.length) return 'it is cut short';
    if (values > 0) open.push(values);
    if (open.length > MAX_DEPTH) return `it is nested more than ${MAX_DEPTH} levels deep`;
  }
  return at === bytes.length ? null : 'something follows it';
}

function headOf(first: number): Head | null {
  if (first < 0x80 || first >= 0xe0) return {};
  if (first < 0x90) return { perUnit: 'pair' };
  if (first < 0xa0) return { perUnit: 'value' };
  if (first < 0xc0) return { perUnit: 'byte' };
  return HEADS[first - 0xc0] ?? null;
}

/** The length in the first byte itself: of a short text in 5 bits, of a short array or map in 4. */
function unitsOf(first: number): number {
  return first >= 0xa0 ? first & 0x1f : first & 0x0f;
}

function readLength(view: DataView, at: number, length: 1 | 2 | 4): number {
  if (length === 1) return view.getUint8(at);
  return length === 2 ? view.getUint16(at) : view.getUint32(at);
}
