import { Encoder, ExtData } from '@msgpack/msgpack';
import type { ObjectType, Type, Typed } from '../../../../provider/terraform/codec/type';
import type { DynamicValue } from '../../../../provider/terraform/wire/messages';

export function block(attributes: Readonly<Record<string, Type>>): Typed {
  return { type: ['object', attributes] satisfies ObjectType };
}

export function arrived(msgpack: Uint8Array): DynamicValue {
  return { msgpack: Buffer.from(msgpack), json: Buffer.alloc(0) };
}

export const hex = (text: string): DynamicValue => arrived(Buffer.from(text.replaceAll(' ', ''), 'hex'));

/** An unknown value as engines write it, and one with a hint: not null, and begins with "game-" (cty's refinements 1 and 2). */
export const PLAIN_UNKNOWN = new ExtData(0, new Uint8Array(1));
export const REFINED_UNKNOWN = new ExtData(12, Buffer.from('8201c202a567616d652d', 'hex'));

/** MessagePack as the library writes it, without our codec. */
export function written(value: unknown): DynamicValue {
  return arrived(new Encoder().encode(value));
}
