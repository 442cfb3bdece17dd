import type { BackendKind } from '../kind';
import { type OpenwrtConfig, openwrtArguments, parseOpenwrtConfig } from './config';

/** An OpenWrt router (22.03 or newer), spoken to as LuCI does: uhttpd's /ubus. */
export const openwrtKind: BackendKind<OpenwrtConfig> = {
  kind: 'openwrt',
  title: 'OpenWrt router, over its web server',
  arguments: openwrtArguments,
  parse: parseOpenwrtConfig,
  endpoint: ({ target }) => `openwrt:${target.url}`,
  connect: (config) => {
    const { OpenwrtBackend } = require('./backend') as typeof import('./backend');
    return new OpenwrtBackend(config);
  },
};
