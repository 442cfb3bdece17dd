import type { DescribedKind } from '../kind';
import { type OpenwrtConfig, openwrtArguments, parseOpenwrtConfig } from './config';

/** An OpenWrt router (22.03 or newer), spoken to as LuCI does: uhttpd's /ubus. */
export const openwrtKind: DescribedKind<OpenwrtConfig> = {
  kind: 'openwrt',
  title: 'OpenWrt router, over its web server',
  page: 'gateways/openwrt.md',
  capabilities: () => {
    const { openwrtCapabilities } = require('./codec') as typeof import('./codec');
    return [openwrtCapabilities];
  },
  arguments: openwrtArguments,
  parse: parseOpenwrtConfig,
  endpoint: ({ target }) => `openwrt:${target.url}`,
  connect: (config) => {
    const { OpenwrtBackend } = require('./backend') as typeof import('./backend');
    return new OpenwrtBackend(config);
  },
};
