import { type Arguments, isTable, storable } from '../ubus/arguments';
import type { UciSection, UciValue } from '../uci/package';

/** Whether `type` and `match` of a request mean this section. */
export function matches({ type, options }: UciSection, args: Arguments): boolean {
  if (typeof args.type === 'string' && args.type !== type) return false;
  if (!isTable(args.match)) return true;
  const wanted = Object.entries(args.match).flatMap(([name, value]) => {
    const text = storable(value);
    return text === null ? [] : [[name, text] as const];
  });
  // One that fits is enough, as long as no option that is there has another value.
  const there = wanted.filter(([name]) => options.has(name));
  return (
    there.every(([name, text]) => holds(options.get(name) as UciValue, text)) &&
    (wanted.length === 0 || there.length > 0)
  );
}

/** A whole element of a list, or one of the words of a text. */
function holds(value: UciValue, text: string): boolean {
  return (typeof value === 'string' ? value.split(/[ \t]+/) : value).includes(text);
}
