import { createServer } from 'node:net';
import { attachMessage, reattachValue } from './attach';
import { Life } from './life';
import { consoleToLog } from './log';
import { listenPrivately } from './private-socket';
import { type Load, type Provider, startProvider } from './provider';

/**
 * Serves engines that are told to use this process, each connection with a provider of its own: elsewhere an engine
 * starts a process per configuration and run, and nothing of one may show in another.
 */
export async function serveAttached(load: Load, source: string, env: NodeJS.ProcessEnv): Promise<void> {
  const providers = new Set<Provider>();
  const life = new Life(() => providers);
  life.obeySignals('leave');
  life.followParent();

  const server = createServer((connection) => {
    const provider = startProvider(load, null, life.shutdown);
    providers.add(provider);
    connection.once('close', () => forget(provider));
    provider.serve(connection);
  });
  const forget = (provider: Provider): void => {
    provider.stop('The engine is gone.');
    provider
      .idle()
      .then(() => provider.end())
      .catch((error: unknown) => console.error('Ending went wrong:', error))
      .finally(() => providers.delete(provider));
  };
  const socket = await listenPrivately(server, env);
  console.log(attachMessage(reattachValue(source, socket, process.pid)));
  consoleToLog();
  life.dieLoudly();
}
