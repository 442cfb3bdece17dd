import type { Json } from './expression';

/** nft lists protocols by number where /etc/protocols is missing, or where it is asked to. */
export function protocolName(value: Json): Json {
  return value === 6 ? 'tcp' : value === 17 ? 'udp' : value;
}
