import { addresses } from '../../namespaces/network';
import type { Example } from '../examples';
import type { Tampering } from '../world';

/** Somebody sends the server's connections to the desk. */
export function retargeted({ internalAddress, internalPort }: Example, act: Tampering['act']): Tampering {
  return {
    act,
    claim: 'the client now reaches another machine',
    answeredBy: `desk:${internalPort}`,
    property: 'internalAddress',
    live: addresses.desk.lan,
    declared: internalAddress,
  };
}
