// Loaded into a provider: somebody presses Ctrl-C before the handshake.
const { Server } = require('node:net');

const { listen } = Server.prototype;
Server.prototype.listen = function interrupted(...args) {
  process.kill(process.pid, 'SIGINT');
  return listen.apply(this, args);
};
