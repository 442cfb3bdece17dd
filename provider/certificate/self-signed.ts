import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import {
  bits,
  explicit,
  identifier,
  implicitOctets,
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

/** A key, and the certificate that goes with it. */
export interface Identity {
  /** DER. */
  readonly certificate: Buffer;
  readonly certificatePem: string;
  readonly keyPem: string;
}

const ECDSA_WITH_SHA256 = sequence(identifier('1.2.840.10045.4.3.2'));
const DAY = 24 * 60 * 60 * 1000;

/** What the certificate says. */
export interface Subject {
  /** Common name, and alternative name where it is a DNS name. Default `localhost`. */
  readonly name?: string;
  /** IPv4 addresses that it is for, too. */
  readonly addresses?: readonly string[];
  readonly now?: Date;
}

/**
 * A fresh key and a certificate that it signs itself (RFC 5280), good as its own authority, for clients and servers. Node
 * makes keys and signatures but no certificates.
 */
export function selfSigned({ name = 'localhost', addresses = [], now = new Date() }: Subject = {}): Identity {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const body = toBeSigned(publicKey, name, addresses, now);
  const signature = sign('sha256', body, privateKey);
  const certificate = sequence(body, ECDSA_WITH_SHA256, bits(signature));
  return {
    certificate,
    certificatePem: pem('CERTIFICATE', certificate),
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

function toBeSigned(
  publicKey: KeyObject,
  commonName: string,
  addresses: readonly string[],
  now: Date,
): Buffer {
  const name = sequence(set(sequence(identifier('2.5.4.3'), utf8(commonName))));
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
    explicit(3, sequence(...extensions(commonName, addresses))),
  );
}

function extensions(name: string, addresses: readonly string[]): Buffer[] {
  const serverAuth = identifier('1.3.6.1.5.5.7.3.1');
  const clientAuth = identifier('1.3.6.1.5.5.7.3.2');
  return [
    critical('2.5.29.19', sequence(yes())), // basic constraints: an authority
    critical('2.5.29.15', bits(Buffer.from([0b1000_0100]), 2)), // key usage: digitalSignature, keyCertSign
    sequence(identifier('2.5.29.37'), octets(sequence(clientAuth, serverAuth))), // extended key usage
    // alternative names: DNS and IP (RFC 5280 4.2.1.6)
    sequence(
      identifier('2.5.29.17'),
      octets(
        sequence(
          implicitText(2, name),
          ...addresses.map((address) => implicitOctets(7, Buffer.from(address.split('.').map(Number)))),
        ),
      ),
    ),
  ];
}

function critical(id: string, value: Buffer): Buffer {
  return sequence(identifier(id), yes(), octets(value));
}
