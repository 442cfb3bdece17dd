import type {
  handleBidiStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
  Server,
  ServerDuplexStream,
  ServerWritableStream,
} from '@grpc/grpc-js';
import { brokerService, controllerService, healthService, stdioService } from './definitions';

type Stream = ServerWritableStream<object, object> | ServerDuplexStream<object, object>;

/**
 * The services that an engine expects of every plugin beside the provider itself. Returns how to end the streams among
 * them, which else stay open for as long as the engine runs.
 */
export function addPluginServices(server: Server, onShutdown: () => void): () => void {
  const open = new Set<Stream>();

  const keepOpen = (stream: Stream): void => {
    open.add(stream);
    const close = () => open.delete(stream);
    stream.on('cancelled', close).on('close', close).on('error', close);
  };

  const shutdown: handleUnaryCall<object, object> = (_call, answer) => {
    answer(null, {});
    onShutdown();
  };
  // Our stdout and stderr reach the engine by its own pipes, so nothing is ever sent here.
  const streamStdio: handleServerStreamingCall<object, object> = keepOpen;
  // For plugins that call back into their host. We never do.
  const startStream: handleBidiStreamingCall<object, object> = (stream) => {
    keepOpen(stream);
    stream.on('data', () => undefined).on('end', () => stream.end());
  };
  const check: handleUnaryCall<object, object> = (_call, answer) => answer(null, { status: 'SERVING' });

  server.addService(controllerService, { shutdown });
  server.addService(stdioService, { streamStdio });
  server.addService(brokerService, { startStream });
  server.addService(healthService, { check });

  return () => {
    for (const stream of open) stream.end();
  };
}
