import type { Service } from './description';
import { isPublic, isUp, type WanState } from './public-address';
import { UpnpFault } from './soap';
import type { Transport } from './transport';
import { WanConnection } from './wan';

/** A connection of the gateway to the internet that mappings are made on, and what it is like. */
export interface ChosenConnection {
  readonly connection: WanConnection;
  readonly state: WanState;
}

/**
 * The connection to use: of several the one that is up and has a public address, else one that is up, else the first. Routers
 * tell of DSL, cable and mobile connections alike, and of such as have never been plugged in.
 */
export async function chooseConnection(
  services: readonly Service[],
  transport: Transport,
  signal: AbortSignal,
): Promise<ChosenConnection> {
  const all: ChosenConnection[] = [];
  for (const service of services) {
    const connection = new WanConnection(transport, service);
    all.push({ connection, state: await stateOf(connection, signal) });
  }
  const up = all.filter(({ state }) => state.status !== '' && isUp(state));
  return (up.find(({ state }) => isPublic(state)) ?? up[0] ?? all[0]) as ChosenConnection;
}

/** What a gateway refuses to tell is not known; that it answers at all is known then. */
async function stateOf(connection: WanConnection, signal: AbortSignal): Promise<WanState> {
  const told = async (ask: () => Promise<string>): Promise<string> => {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof UpnpFault) return '';
      throw error;
    }
  };
  return {
    status: await told(() => connection.status(signal)),
    address: await told(() => connection.externalAddress(signal)),
  };
}
