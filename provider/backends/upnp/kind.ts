import type { DescribedKind } from '../kind';
import { parseUpnpConfig, type UpnpConfig, upnpArguments, upnpEndpoint } from './config';

/** A router that lets the hosts of its network ask for mappings: UPnP Internet Gateway Device, version 1 or 2. */
export const upnpKind: DescribedKind<UpnpConfig> = {
  kind: 'upnp',
  title: 'home router with UPnP IGD',
  page: 'gateways/upnp.md',
  capabilities: () => {
    const { upnpCapabilities } = require('./codec') as typeof import('./codec');
    return [true, false].map((able) => upnpCapabilities({ pinholes: able, sources: able }));
  },
  arguments: upnpArguments,
  parse: parseUpnpConfig,
  endpoint: upnpEndpoint,
  connect: (config) => {
    const { connectUpnp } = require('./backend') as typeof import('./backend');
    return connectUpnp(config);
  },
  discover: (interfaces, signal) => {
    const { discoverUpnp } = require('./discover') as typeof import('./discover');
    return discoverUpnp(interfaces, {}, signal);
  },
};
