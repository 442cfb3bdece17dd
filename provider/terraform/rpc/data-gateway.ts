import { encode } from '../codec/encode';
import { fromCapabilities, gatewayBlock } from '../schema/data-gateway';
import type { ReadDataSourceResponse } from '../wire/messages';
import type { Gateway } from './context';

/** What answers there, and what it can do. */
export async function readGateway(
  { kind, session }: Gateway,
  signal: AbortSignal,
): Promise<ReadDataSourceResponse> {
  const { product, device, wans, lans, problems, capabilities } = await session.info(signal);
  const state = {
    kind: kind.kind,
    product,
    device,
    wans: wans?.map(({ name, addresses }) => ({ name, addresses })),
    lans,
    public_addresses: (await session.backend.publicAddress?.(signal)) ?? null,
    problems: problems.map(({ code, fatal, message, hint }) => ({ code, fatal, message, hint })),
    capabilities: fromCapabilities(capabilities),
  };
  return { state: encode(gatewayBlock, state) };
}
