/** A value as it reads in an error message: short, on one line, and of any type. */
export function quote(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : describe(value);
  return text.length > 80 ? `${text.slice(0, 76)}…${typeof value === 'string' ? '"' : ''}` : text;
}

function describe(value: unknown): string {
  switch (typeof value) {
    case 'number':
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'bigint':
      return `${value}n`;
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? describeList(value) : 'an object';
    default:
      return `a ${typeof value}`;
  }
}

/** A short list of plain values as it was written. */
function describeList(list: readonly unknown[]): string {
  const plain = list.every((item) => ['string', 'number', 'boolean'].includes(typeof item));
  return plain && list.length > 0 && list.length <= 8 ? JSON.stringify(list) : `a list of ${list.length}`;
}
