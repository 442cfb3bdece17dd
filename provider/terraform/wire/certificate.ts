import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import {
  bits,
  explicit,
  identifier,
  implicitText,
  integer,
  octets,
  sequence,
  set,
  time,
  utf8,
  yes,
} from './der';
import { pem } from './pem';

/** Who we are on one socket for the life of one process: nothing of it is ever written to a disk. */
export interface Identity {
  /** The certificate, as the handshake tells it to the engine. */
  readonly certificate: Buffer;
  readonly certificatePem: string;
  readonly keyPem: string;
}

const ECDSA_WITH_SHA256 = sequence(identifier('1.2.840.10045.4.3.2'));
const DAY = 24 * 60 * 60 * 1000;

/**
 * A fresh key and a certificate that it signs itself (RFC 5280), for `localhost`, as engines expect of a plugin. Node
 * makes keys and signatures but no certificates.
 */
export function selfSigned(now = new Date()): Identity {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const body = toBeSigned(publicKey, now);
  const signature = sign('sha256', body, privateKey);
  const certificate = sequence(body, ECDSA_WITH_SHA256, bits(signature));
  return {
    certificate,
    certificatePem: pem('CERTIFICATE', certificate),
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

function toBeSigned(publicKey: KeyObject, now: Date): Buffer {
  const name = sequence(set(sequence(identifier('2.5.4.3'), utf8('localhost'))));
  // The clock of a machine may be set while the engine runs, so the certificate reaches far both ways.
  const validity = sequence(
    time(new Date(now.getTime() - 365 * DAY)),
    time(new Date(now.getTime() + 3650 * DAY)),
  );
  return sequence(
    explicit(0, integer(2n)), // version 3
    integer(BigInt(`0x01${randomBytes(15).toString('hex')}`)), // a serial number of 121 bits, never negative
    ECDSA_WITH_SHA256,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...extensions())),
  );
}

function extensions(): Buffer[] {
  const serverAuth = identifier('1.3.6.1.5.5.7.3.1');
  const clientAuth = identifier('1.3.6.1.5.5.7.3.2');
  return [
    critical('2.5.29.19', sequence(yes())), // basic constraints: an authority
    critical('2.5.29.15', bits(Buffer.from([0b1000_0100]), 2)), // key usage: digitalSignature, keyCertSign
    sequence(identifier('2.5.29.37'), octets(sequence(clientAuth, serverAuth))), // extended key usage
    sequence(identifier('2.5.29.17'), octets(sequence(implicitText(2, 'localhost')))), // alternative name: DNS
  ];
}

function critical(id: string, value: Buffer): Buffer {
  return sequence(identifier(id), yes(), octets(value));
}
