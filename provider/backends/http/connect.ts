import { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { buildConnector } from 'undici';
import { OtherKey, pinOf, type Trust } from './trust';

/** Milliseconds until a connection must stand, TLS included. */
const CONNECT_TIMEOUT = 10_000;

/**
 * How connections are made. With pins the key is compared as soon as TLS stands, before any byte of a request, and so
 * before any credential, goes out.
 */
export function connector(
  { ca, pins, insecure }: Trust,
  socketPath: string | undefined,
): buildConnector.connector {
  const pinned = pins !== undefined && pins.length > 0;
  const plain = buildConnector({
    timeout: CONNECT_TIMEOUT,
    ...(socketPath === undefined ? {} : { socketPath }),
    ...(ca === undefined ? {} : { ca }),
    rejectUnauthorized: !(insecure || (pinned && ca === undefined)),
    // A resumed connection shows no certificate, and there would be nothing to compare.
    maxCachedSessions: pinned ? 0 : 100,
  });
  if (!pinned) return plain;
  return (options, callback) =>
    plain(options, (...[error, socket]) => {
      if (error) return callback(error, null);
      const shown = keyOf(socket as TLSSocket);
      if (pins.includes(shown)) return callback(null, socket as TLSSocket);
      (socket as TLSSocket).destroy();
      callback(new OtherKey(shown), null);
    });
}

function keyOf(socket: TLSSocket): string {
  const { raw } = socket.getPeerCertificate?.() ?? {};
  return raw ? pinOf(new X509Certificate(raw)) : 'no certificate at all (is it https?)';
}
