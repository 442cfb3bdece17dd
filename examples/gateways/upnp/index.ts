import * as pulumi from '@pulumi/pulumi';
import { Gateway, PortForwardRule } from 'portforward';

const config = new pulumi.Config();

const router = new Gateway('router', { kind: 'upnp', udn: config.require('udn') });

// Port 8443 of the router goes to port 443 of the machine on which this runs: routers map to whoever asks, and nobody else.
const web = new PortForwardRule(
  'web',
  { externalPort: 8443, internalAddress: '192.168.50.10', internalPort: 443 },
  { gateway: router },
);

export const webRule = web.id;
