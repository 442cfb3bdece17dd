const { createServer, request } = require('node:http');

/** A socket in front of the agent's that passes everything on and counts what was asked. */
class CountingSocket {
  static async listen(path, target) {
    const counting = new CountingSocket(path, target);
    await new Promise((resolve, reject) => {
      counting.server.once('error', reject);
      counting.server.listen(path, resolve);
    });
    return counting;
  }

  constructor(path, target) {
    this.path = path;
    this.counts = {};
    this.connections = 0;
    this.server = createServer({ keepAliveTimeout: 5000 }, (from, to) => {
      const { method, url, headers } = from;
      this.counts[url] = (this.counts[url] ?? 0) + 1;
      const onward = request({ socketPath: target, method, path: url, headers }, (reply) => {
        to.writeHead(reply.statusCode, reply.headers);
        reply.pipe(to);
      });
      onward.on('error', () => to.destroy());
      from.pipe(onward);
    });
    this.server.on('connection', () => {
      this.connections += 1;
    });
  }

  /** What was asked since the last call. A login at the agent is a status: it has no session of its own. */
  taken() {
    const { counts } = this;
    this.counts = {};
    const of = (path) => counts[path] ?? 0;
    const all = Object.values(counts).reduce((sum, one) => sum + one, 0);
    return { logins: of('/v1/status'), looks: of('/v1/entries'), batches: of('/v1/batch'), all };
  }

  async stop() {
    await new Promise((resolve) => {
      this.server.close(resolve);
      this.server.closeAllConnections();
    });
  }
}

module.exports = { CountingSocket };
