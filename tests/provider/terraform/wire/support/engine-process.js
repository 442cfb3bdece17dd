// Stands for an engine that can be killed: starts the provider as its child, hands its handshake on, and waits.
const { spawn } = require('node:child_process');

spawn(process.execPath, process.argv.slice(2), { stdio: ['ignore', 'inherit', 'inherit'] });
setInterval(() => undefined, 60_000);
