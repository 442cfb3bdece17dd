const http = require('node:http');
const https = require('node:https');

/** The floor of every HTTP gateway: Node's own client, one kept connection, no opinion of what it is answered. */
class BareClient {
  constructor(origin) {
    this.origin = origin;
    this.transport = origin.startsWith('https:') ? https : http;
    this.agent = new this.transport.Agent({ keepAlive: true, maxSockets: 1 });
  }

  /** Gives status and text of the answer. `alone` = over a connection of its own. */
  send({ method, path, headers, body, alone = false }) {
    return new Promise((resolve, reject) => {
      const length = body === null ? {} : { 'content-length': Buffer.byteLength(body) };
      const options = {
        ...{ method, headers: { ...headers, ...length }, agent: alone ? false : this.agent },
        rejectUnauthorized: false,
      };
      const call = this.transport.request(new URL(path, this.origin), options, (answer) => {
        const chunks = [];
        answer.on('data', (chunk) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          resolve({ status: answer.statusCode, text: Buffer.concat(chunks).toString() });
        });
      });
      call.on('error', reject);
      call.end(body ?? undefined);
    });
  }

  close() {
    this.agent.destroy();
  }
}

module.exports = { BareClient };
