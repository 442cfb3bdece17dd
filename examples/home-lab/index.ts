import * as pulumi from '@pulumi/pulumi';
import { Gateway, PortForwardRule } from 'portforward';

const config = new pulumi.Config();

const gateway = new Gateway('home', { kind: 'agent', socket: config.require('socket') });

const server = '192.168.50.10';
const camera = '192.168.50.20';

new PortForwardRule('web', { externalPort: '80,443', internalAddress: server }, { gateway });

// FTP needs its control port and the range that the server announces for passive transfers.
new PortForwardRule(
  'ftp',
  { externalPort: '21,50000-50020', internalAddress: server, description: 'ftp with its passive range' },
  { gateway },
);

new PortForwardRule(
  'game',
  { protocol: 'udp', externalPort: '27000-27015', internalAddress: server },
  { gateway },
);

// Only one network may watch; everybody else is turned away and counted.
new PortForwardRule(
  'camera',
  { externalPort: 554, internalAddress: camera, sources: [config.require('cameraViewers')], log: true },
  { gateway },
);

// Port 22 stays the gateway's own: the server's SSH is reached on another port.
new PortForwardRule('ssh', { externalPort: 2222, internalAddress: server, internalPort: 22 }, { gateway });

// IPv6 hosts have public addresses: an opening in the firewall, no translation.
new PortForwardRule('web6', { externalPort: 443, internalAddress: '2001:db8:50::10' }, { gateway });

export const rules = ['web', 'ftp', 'game', 'camera', 'ssh', 'web6'];
