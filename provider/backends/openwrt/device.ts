import { createHash } from 'node:crypto';
import type { Call, Reply } from './client';
import { plainText } from './plain-text';
import type { Zones } from './zones';

/** Asks for the device of the first zone inside, usually `br-lan`; null = there is none. */
export function deviceCall({ lan }: Zones): Call | null {
  const [name] = lan.flatMap(({ devices }) => devices);
  return name === undefined ? null : { object: 'network.device', method: 'status', args: { name } };
}

/** By what the router is told from another: the hardware address of its LAN, else what it says of its board. */
export function deviceId(status: Reply | undefined, board: Readonly<Record<string, unknown>>): string {
  const mac = status?.ok ? status.data?.macaddr : null;
  if (typeof mac === 'string' && /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(mac)) return mac.toLowerCase();
  const { board_name: name, model, hostname } = board;
  const text = JSON.stringify([name, model, hostname].map(plainText));
  return `board-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

/** `OpenWrt 24.10.0`. */
export function productOf({ release }: Readonly<Record<string, unknown>>): string {
  const { distribution, version } = (release ?? {}) as Readonly<Record<string, unknown>>;
  return [distribution ?? 'OpenWrt', version].filter((word) => typeof word === 'string').join(' ');
}
