import type { Harness } from '../../../contract/harness';
import { servedKind } from './kind';
import { GatewayServer } from './server';

/** The same gateways, within reach of engines and of their providers. */
export function served(harness: Harness): Harness {
  return {
    ...harness,
    async start() {
      const device = await harness.start();
      const server = await GatewayServer.start(() => device.connect());
      return {
        ...device,
        reachedBy: { kind: servedKind.kind, at: server.socket, trials: harness.trials },
        async stop() {
          await server.stop();
          await device.stop();
        },
      };
    },
  };
}
