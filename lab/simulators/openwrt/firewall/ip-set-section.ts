import { LeftOut } from './left-out';
import { choice, family, flag, identifier, text, whole } from './meanings';
import { type Meaning, many, one, readOptions, unsupported } from './options';
import type { Source } from './source';
import type { IpSet } from './state';

interface Field {
  readonly type: string;
  readonly direction: 'src' | 'dst';
}

const kind = choice('ip', 'port', 'mac', 'net', 'set');

/** `src_ip`, `dst_port`, or a type alone, which means the source. */
const field: Meaning<Field> = (value) => {
  const [, side, rest] = /^(src|dst|dest)_(.+)$/.exec(value) ?? [];
  const type = kind(rest ?? value);
  return type && { type, direction: side === undefined || side === 'src' ? 'src' : 'dst' };
};

const OPTIONS = {
  enabled: one(flag, { fallback: '1' }),
  reload_set: one(flag),
  counters: one(flag),
  comment: one(text),
  name: one(identifier, { required: true }),
  family: one(family, { fallback: '4' }),
  storage: unsupported(text),
  match: many(field),
  iprange: unsupported(text),
  portrange: unsupported(text),
  netmask: unsupported(whole),
  maxelem: one(whole),
  hashsize: unsupported(whole),
  timeout: one(whole, { fallback: '-1' }),
  external: unsupported(text),
  entry: many(text),
  loadfile: one(text),
};

/** A section `ipset`. Its elements are not kept: no packets are matched here. */
export function readIpSet(source: Source, warn: (words: string) => void): IpSet {
  const found = readOptions(source, OPTIONS, warn);
  if (!found.enabled) throw new LeftOut('is disabled, ignoring section');
  if (!found.match) throw new LeftOut('has no datatypes assigned');
  return { name: found.name ?? '', family: found.family ?? 4, fields: found.match };
}
