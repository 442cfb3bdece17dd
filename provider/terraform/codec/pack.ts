import { Decoder, Encoder, ExtensionCodec } from '@msgpack/msgpack';
import { UNKNOWN } from '../../rule/rule';

/** What engines write for a value that is not known yet; 12 adds hints, such as how a text will begin. */
const UNKNOWN_TYPE = 0;
const REFINED_TYPE = 12;

const extensions = new ExtensionCodec();
extensions.register({
  type: UNKNOWN_TYPE,
  // One byte, as engines write it: without any it is read as a value with hints.
  encode: (value) => (value === UNKNOWN ? new Uint8Array(1) : null),
  decode: () => UNKNOWN,
});
extensions.register({ type: REFINED_TYPE, encode: () => null, decode: () => UNKNOWN });

const encoder = new Encoder({ extensionCodec: extensions });
const decoder = new Decoder({ extensionCodec: extensions });

/** A plain value as MessagePack, UNKNOWN as the engine's unknown value. */
export function pack(value: unknown): Uint8Array {
  return encoder.encode(value);
}

/** The reverse, both kinds of unknown values as UNKNOWN. Throws what the library throws. */
export function unpack(bytes: Uint8Array): unknown {
  return decoder.decode(bytes);
}
