import * as pulumi from '@pulumi/pulumi';
import { Gateway, PortForwardRule } from 'portforward';

const config = new pulumi.Config();

// The password comes from PORTFORWARD_PASSWORD, so that it is in no file and no state.
const router = new Gateway('router', {
  kind: 'openwrt',
  url: config.require('url'),
  username: config.require('username'),
  pins: [config.require('pin')],
});

// Port 443 of the router goes to port 8443 of the web server, for one network and nobody else.
const web = new PortForwardRule(
  'web',
  {
    externalPort: 443,
    internalAddress: '192.168.50.10',
    internalPort: 8443,
    sources: ['203.0.113.0/26'],
  },
  { gateway: router },
);

export const webRule = web.id;
