import { type ConnectionOptions, connect } from 'node:tls';
import { status } from '@grpc/grpc-js';
import { selfSigned } from '../../../../provider/certificate/self-signed';
import { Caller, cleanUp, clientCredentials, PracticeEngine } from './support/practice-engine';

let engine: PracticeEngine;

beforeEach(async () => {
  engine = await PracticeEngine.start();
});

// Whoever was refused, the engine itself is served on.
afterEach(async () => {
  expect((await engine.call('getProviderSchema')).diagnostics).toEqual([]);
  await cleanUp();
});

/** Opens a connection as a stranger on this machine would; resolves with the words of the refusal. */
async function refusal(options: ConnectionOptions): Promise<string> {
  const socket = connect({
    path: engine.socket,
    servername: 'localhost',
    ca: engine.certificate,
    ALPNProtocols: ['h2'],
    ...options,
  });
  const seen = { data: 0, error: 'closed' };
  socket.on('data', (data) => {
    seen.data += data.length;
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    seen.error = error.code ?? error.message;
  });
  // TLS 1.3 tells a client only afterwards that its certificate was missed, or ends the connection without a word.
  await new Promise((resolve) => socket.on('close', resolve));
  expect(seen.data).toBe(0);
  return seen.error;
}

test('a client without a certificate is refused before it can say anything', async () => {
  expect(await refusal({})).toMatch(/CERTIFICATE_REQUIRED|ECONNRESET/);
  expect(await refusal({ maxVersion: 'TLSv1.2' })).toMatch(/HANDSHAKE_FAILURE|ECONNRESET/);
});

test('a client with a certificate of its own making is refused', async () => {
  const stranger = selfSigned();
  const shown = { key: stranger.keyPem, cert: stranger.certificatePem };
  expect(await refusal(shown)).toMatch(/UNKNOWN_CA|DECRYPT_ERROR|ECONNRESET|closed/);
  const caller = new Caller(engine.socket, clientCredentials(engine.certificate, stranger));
  await expect(caller.call('getProviderSchema')).rejects.toMatchObject({ code: status.UNAVAILABLE });
});

test('a client that speaks no TLS gets nothing', async () => {
  await expect(new Caller(engine.socket).call('getProviderSchema')).rejects.toMatchObject({
    code: status.UNAVAILABLE,
  });
});

test('a client may rely on the certificate of the handshake, and no other proves to be us', async () => {
  const expecting = clientCredentials(selfSigned().certificatePem, selfSigned());
  await expect(new Caller(engine.socket, expecting).call('getProviderSchema')).rejects.toMatchObject({
    code: status.UNAVAILABLE,
  });
});
