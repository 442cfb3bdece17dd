import { addresses } from '../../namespaces/network';
import type { Visitor } from '../world';

/** The way of a connection that nobody really makes: from whom, to where. */
export function pathOf(from: Visitor, port: number): string {
  return `${addresses.internet[from]} -> ${addresses.gateway.wan}:${port}`;
}

/** The machine of the practice network that has this address, or the address. */
export function hostOf(address: string): string {
  if (address === addresses.server.lan) return 'server';
  return address === addresses.desk.lan ? 'desk' : address;
}
