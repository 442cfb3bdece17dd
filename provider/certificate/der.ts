/* The few forms of DER (ITU-T X.690, distinguished encoding of ASN.1) that a certificate is made of. */

function tagged(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag]), lengthOf(content), content]);
}

/** Short form below 128, else the number of length bytes and the length (X.690 8.1.3). */
function lengthOf(content: Buffer): Buffer {
  if (content.length < 0x80) return Buffer.from([content.length]);
  const bytes = minimal(BigInt(content.length));
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

/** Big-endian, without leading zeros. */
function minimal(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

export const sequence = (...parts: Buffer[]): Buffer => tagged(0x30, Buffer.concat(parts));
export const set = (...parts: Buffer[]): Buffer => tagged(0x31, Buffer.concat(parts));
export const octets = (content: Buffer): Buffer => tagged(0x04, content);
export const utf8 = (text: string): Buffer => tagged(0x0c, Buffer.from(text));
export const yes = (): Buffer => tagged(0x01, Buffer.from([0xff]));

/** A field that is told by its number: [n] EXPLICIT around a value. */
export const explicit = (number: number, value: Buffer): Buffer => tagged(0xa0 | number, value);

/** A field that is told by its number: [n] IMPLICIT text. */
export const implicitText = (number: number, text: string): Buffer =>
  tagged(0x80 | number, Buffer.from(text, 'latin1'));

/** The same with bytes. */
export const implicitOctets = (number: number, content: Buffer): Buffer => tagged(0x80 | number, content);

/** A number of 0 or more. A leading zero byte keeps a set top bit from meaning "negative". */
export function integer(value: bigint): Buffer {
  const bytes = minimal(value);
  return tagged(0x02, bytes.readUInt8(0) < 0x80 ? bytes : Buffer.concat([Buffer.from([0]), bytes]));
}

/** Bits, `unused` of the last byte's not counted. */
export const bits = (content: Buffer, unused = 0): Buffer =>
  tagged(0x03, Buffer.concat([Buffer.from([unused]), content]));

/** An object identifier as it is written, such as `2.5.29.17`. */
export function identifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** Seven bits a byte, all but the last with the top bit set. */
function base128(arc: number): number[] {
  const bytes = [arc & 0x7f];
  for (let left = arc >>> 7; left > 0; left >>>= 7) bytes.unshift((left & 0x7f) | 0x80);
  return bytes;
}

/** UTCTime for the years 1950 to 2049, GeneralizedTime for others, as RFC 5280 4.1.2.5 demands. */
export function time(moment: Date): Buffer {
  const digits = `${moment.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
  const year = moment.getUTCFullYear();
  return year >= 1950 && year < 2050
    ? tagged(0x17, Buffer.from(digits.slice(2)))
    : tagged(0x18, Buffer.from(digits));
}
