import { parseAddress, printAddress } from './address';

/** A valid address that a wrong text most likely means: without zeros in front, brackets, zone, mapping, port. */
export function meantAddress(text: string): string | null {
  let plain = text.trim().toLowerCase();
  plain = plain.replace(/^\[([0-9a-f:.]+)\](?::[0-9]+)?$/, '$1').replace(/%.*$/, '');
  plain = plain.replace(/^::ffff:(?=[0-9]+\.)/, '');
  if (/^[0-9.]+(?::[0-9]+)?$/.test(plain)) {
    plain = plain.replace(/:[0-9]+$/, '').replace(/(^|\.)0+(?=[0-9])/g, '$1');
  }
  const address = parseAddress(plain);
  return address ? printAddress(address) : null;
}
