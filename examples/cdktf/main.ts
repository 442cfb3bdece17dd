import { App, TerraformStack, TerraformVariable } from 'cdktf';
import { provider, rule } from 'portforward/cdktf';

const app = new App();
const stack = new TerraformStack(app, 'home-lab');

const socket = new TerraformVariable(stack, 'socket', {
  description: "The agent's Unix socket, here or brought over with `ssh -L`.",
  type: 'string',
  default: '/run/portforward/agent.sock',
});
const cameraViewers = new TerraformVariable(stack, 'camera_viewers', {
  description: 'The one network that may watch the camera.',
  type: 'string',
  default: '203.0.113.0/26',
});

new provider.PortforwardProvider(stack, 'home', {
  kind: 'agent',
  socket: socket.stringValue,
  // Whose rules these are. One owner belongs to one state.
  owner: 'home-lab',
});

const server = '192.168.50.10';
const camera = '192.168.50.20';

new rule.Rule(stack, 'web', { name: 'web', externalPort: '80,443', internalAddress: server });

// FTP needs its control port and the range that the server announces for passive transfers.
new rule.Rule(stack, 'ftp', {
  name: 'ftp',
  externalPort: '21,50000-50020',
  internalAddress: server,
  description: 'ftp with its passive range',
});

new rule.Rule(stack, 'game', {
  name: 'game',
  protocol: 'udp',
  externalPort: '27000-27015',
  internalAddress: server,
});

// Only one network may watch; everybody else is turned away and counted.
new rule.Rule(stack, 'camera', {
  name: 'camera',
  externalPort: '554',
  internalAddress: camera,
  sources: [cameraViewers.stringValue],
  log: true,
});

// Port 22 stays the gateway's own: the server's SSH is reached on another port.
new rule.Rule(stack, 'ssh', {
  name: 'ssh',
  externalPort: '2222',
  internalAddress: server,
  internalPort: '22',
});

// IPv6 hosts have public addresses: an opening in the firewall, no translation.
new rule.Rule(stack, 'web6', { name: 'web6', externalPort: '443', internalAddress: '2001:db8:50::10' });

app.synth();
