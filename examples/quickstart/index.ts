import * as pulumi from '@pulumi/pulumi';
import { Gateway, PortForwardRule } from 'portforward';

const config = new pulumi.Config();

const gateway = new Gateway('home', { kind: 'agent', socket: config.require('socket') });

// Port 443 of the gateway goes to port 8443 of the web server, for one network and nobody else.
const web = new PortForwardRule(
  'web',
  {
    externalPort: 443,
    internalAddress: '192.168.50.10',
    internalPort: 8443,
    sources: ['203.0.113.0/26'],
  },
  { gateway },
);

export const webRule = web.id;
