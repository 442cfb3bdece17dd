import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { PortforwardError } from '../../rule/error';
import { pinOf } from './trust';

/** What a device shows of itself over TLS, before anybody decides to trust it. */
export interface ShownKey {
  /** To be pinned. */
  readonly pin: string;
  /** SHA-256 of the whole certificate, as the device's own pages and browsers show it. */
  readonly fingerprint: string;
  readonly subject: string;
  readonly issuer: string;
  readonly validTo: string;
  /** Why the system does not believe it, or null when no configuration is needed. */
  readonly untrusted: string | null;
  /** PEM, for a CA file. */
  readonly pem: string;
}

/**
 * Asks a device for its certificate. Sends no request and no credential. Throws PortforwardError `invalid` for what is no
 * https URL, `unreachable` where nothing answers in TLS.
 */
export async function showKey(url: string, signal: AbortSignal): Promise<ShownKey> {
  const { hostname, port } = httpsUrl(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: Number(port || 443),
      rejectUnauthorized: false,
      ...(isIP(host) ? {} : { servername: host }),
    });
    const end = (act: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      act();
    };
    const fail = (summary: string, cause?: unknown): void =>
      end(() =>
        reject(
          new PortforwardError('unreachable', summary, {
            hint: 'Is the address right, and https on?',
            cause,
          }),
        ),
      );
    const onAbort = (): void => fail(`${url} did not answer in time.`);
    signal.addEventListener('abort', onAbort);
    socket.once('error', (error: NodeJS.ErrnoException) =>
      fail(`${url} shows no key (${error.code ?? error.message}).`, error),
    );
    socket.once('secureConnect', () => {
      const { raw } = socket.getPeerCertificate();
      if (!raw) return fail(`${url} shows no certificate.`);
      const certificate = new X509Certificate(raw);
      const why = socket.authorized ? null : String(socket.authorizationError ?? 'unknown reason');
      end(() => resolve(shown(certificate, why)));
    });
  });
}

function shown(certificate: X509Certificate, untrusted: string | null): ShownKey {
  return {
    pin: pinOf(certificate),
    fingerprint: certificate.fingerprint256,
    subject: certificate.subject.replaceAll('\n', ', '),
    issuer: certificate.issuer.replaceAll('\n', ', '),
    validTo: certificate.validTo,
    untrusted,
    pem: certificate.toString(),
  };
}

function httpsUrl(text: string): URL {
  let url: URL | null = null;
  try {
    url = new URL(text);
  } catch {
    // Said below.
  }
  if (url?.protocol === 'https:') return url;
  throw new PortforwardError('invalid', `"${text}" is no https URL.`, {
    hint: 'Write it as https://192.168.1.1 or https://router.lan:8443.',
  });
}
