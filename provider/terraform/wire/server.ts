import type { Socket } from 'node:net';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { Calls } from './calls';
import { providerService } from './definitions';
import type { ProviderHandlers } from './handlers';
import { addPluginServices } from './plugin-services';
import type { Provider, Trust } from './provider';
import { providerImplementation } from './provider-service';

/** Only the engine's own machine talks to us, so its messages may be as long as it likes. */
const OPTIONS = {
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
  'grpc.enable_channelz': 0,
};

/** The handlers behind gRPC, on connections that are handed to it. */
export function providerServer(
  handlers: ProviderHandlers,
  trust: Trust | null,
  onShutdown: () => void,
): Provider {
  const calls = new Calls();
  const server = new Server(OPTIONS);
  server.addService(providerService, providerImplementation(handlers, calls));
  const endStreams = addPluginServices(server, onShutdown);
  const injector = server.createConnectionInjector(credentials(trust));
  const end = async (): Promise<void> => {
    endStreams();
    // The sessions first: the engine waits for its connection to close.
    await handlers.close?.();
    await new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
  };
  let ending: Promise<void> | null = null;
  return {
    serve: (connection: Socket) => injector.injectConnection(connection),
    stop: (why) => calls.stop(why),
    idle: () => calls.idle(),
    end: () => {
      ending ??= end();
      return ending;
    },
  };
}

function credentials(trust: Trust | null): ServerCredentials {
  if (trust === null) return ServerCredentials.createInsecure();
  const { identity, authority } = trust;
  const pair = {
    private_key: Buffer.from(identity.keyPem),
    cert_chain: Buffer.from(identity.certificatePem),
  };
  // True: a client without a certificate of that authority is refused before it can say anything.
  return ServerCredentials.createSsl(Buffer.from(authority), [pair], true);
}
