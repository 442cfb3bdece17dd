import { writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { selfSigned } from '../../certificate/self-signed';
import { clientAuthority } from './client-certificate';
import { checkVersions, handshakeLine } from './handshake';
import { Life } from './life';
import { consoleToLog } from './log';
import { listenPrivately } from './private-socket';
import { type Load, type Provider, startProvider, type Trust } from './provider';

/**
 * Serves the engine that started this process until it says Shutdown or is gone. Throws, before it has said anything,
 * what keeps it from serving.
 */
export async function serveEngine(load: Load, env: NodeJS.ProcessEnv): Promise<void> {
  let provider: Provider | null = null;
  const life = new Life(() => (provider === null ? [] : [provider]));
  life.obeySignals('ignore');
  life.followParent();

  checkVersions(env);
  const trust = trusted(env);
  const ours = () => {
    provider ??= startProvider(load, trust, life.shutdown);
    return provider;
  };
  const server = createServer((connection) => ours().serve(connection));
  const socket = await listenPrivately(server, env);
  // Fails when the engine is gone already, which is the one moment that the look for the parent can miss.
  writeSync(1, `${handshakeLine(socket, trust?.identity.certificate ?? null)}\n`);
  consoleToLog();
  life.dieLoudly();
  setImmediate(ours);
}

function trusted(env: NodeJS.ProcessEnv): Trust | null {
  const authority = clientAuthority(env);
  return authority === null ? null : { authority, identity: selfSigned() };
}
