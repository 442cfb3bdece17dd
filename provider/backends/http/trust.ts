import { createHash, type X509Certificate } from 'node:crypto';

/** How a device proves over TLS that it is the one that is meant. */
export interface Trust {
  /** PEM of the authorities (or of the device's own certificate) to believe instead of the system's. */
  readonly ca?: string;
  /** Pins of the device's public key, see `pinOf`; two, so that a key can be changed. They stand in for name, age and issuer. */
  readonly pins?: readonly string[];
  /** Believe anybody. Only by the user's explicit word. */
  readonly insecure?: boolean;
}

/**
 * The pin of a certificate's public key: SHA-256 of its SubjectPublicKeyInfo in base64, as in RFC 7469 section 2.4. It
 * stays the same when a device renews its certificate and keeps its key.
 */
export function pinOf(certificate: X509Certificate): string {
  const key = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return `sha256/${createHash('sha256').update(key).digest('base64')}`;
}

/** Why a text is no pin, or null. */
export function pinProblem(text: string): string | null {
  return /^sha256\/[A-Za-z0-9+/]{43}=$/.test(text)
    ? null
    : 'a pin is "sha256/" and the 44 characters of the key\'s SHA-256 in base64; `portforward gateway trust <url>` prints it';
}

/** The device showed another key than the pinned ones: nothing was sent to it. */
export class OtherKey extends Error {
  readonly code = 'PORTFORWARD_OTHER_KEY';

  constructor(readonly shown: string) {
    super(`another public key: ${shown}`);
  }
}
