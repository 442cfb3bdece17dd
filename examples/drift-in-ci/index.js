const { Gateway, PortForwardRule } = require('portforward');

// The socket's path comes from PORTFORWARD_SOCKET, a token (if the agent asks for one) from PORTFORWARD_TOKEN: both are
// read in the provider's process and stand in no state.
const gateway = new Gateway('office', { kind: 'agent' });

new PortForwardRule(
  'vpn',
  { protocol: 'udp', externalPort: 51820, internalAddress: '192.168.50.10' },
  { gateway },
);
