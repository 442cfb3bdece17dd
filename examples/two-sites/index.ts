import * as pulumi from '@pulumi/pulumi';
import { Gateway, PortForwardRule } from 'portforward';
import { rules, type Site } from './rules';

const config = new pulumi.Config();

// `keep`: the rules of a site that does not answer stay as they were recorded, and the other site is served.
const unreachable = config.require('unreachable') as 'keep' | 'fail';

const sites: Record<Site, { gateway: Gateway; lan: string }> = {
  office: {
    gateway: new Gateway('office', { kind: 'agent', socket: config.require('officeSocket'), unreachable }),
    lan: '192.168.50',
  },
  branch: {
    gateway: new Gateway('branch', {
      kind: 'openwrt',
      url: config.require('branchUrl'),
      username: 'portforward',
      // The password is read from this variable where the router is spoken to, and stands in no state.
      passwordEnv: 'BRANCH_PASSWORD',
      pins: config.requireObject<string[]>('branchPins'),
      unreachable,
    }),
    lan: '192.168.1',
  },
};

for (const [name, { site, host, ...ports }] of Object.entries(rules)) {
  const { gateway, lan } = sites[site];
  new PortForwardRule(name, { ...ports, internalAddress: `${lan}.${host}` }, { gateway });
}
