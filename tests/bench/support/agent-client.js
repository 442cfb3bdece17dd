const { request } = require('node:http');

/** The plainest client of the agent's socket, so that what is measured is the agent. */
class AgentClient {
  constructor(socketPath) {
    this.socketPath = socketPath;
  }

  /** Gives the body as text; throws what the agent said otherwise. */
  ask(method, path, { body, headers = {} } = {}) {
    const { socketPath } = this;
    return new Promise((resolve, reject) => {
      const call = request(
        {
          ...{ socketPath, method, path, timeout: 120_000 },
          headers: { host: 'portforward-agent', 'content-type': 'application/json', ...headers },
        },
        (reply) => {
          const chunks = [];
          reply.on('data', (chunk) => chunks.push(chunk));
          reply.on('error', reject);
          reply.on('end', () => {
            const text = Buffer.concat(chunks).toString();
            if (reply.statusCode === 200) resolve(text);
            else reject(new Error(`${method} ${path}: ${reply.statusCode} ${text}`));
          });
        },
      );
      call.on('error', reject);
      call.on('timeout', () => call.destroy(new Error(`${method} ${path}: no answer in two minutes`)));
      call.end(body);
    });
  }

  /** One look at the whole table. */
  look() {
    return this.ask('GET', '/v1/entries');
  }

  async entries() {
    return JSON.parse(await this.look());
  }

  /** One batch on the generation that is current; remembers the next one. */
  async batch(changes) {
    this.generation ??= (await this.entries()).generation;
    const reply = await this.ask('POST', '/v1/batch', {
      body: JSON.stringify({ changes }),
      headers: { 'if-match': `"${this.generation}"` },
    });
    this.generation = JSON.parse(reply).generation;
  }

  /** Removes every entry of ours. */
  async clear() {
    const { generation, entries } = await this.entries();
    this.generation = generation;
    const changes = entries.filter(({ tag }) => tag !== null).map(({ handle }) => ({ op: 'remove', handle }));
    if (changes.length > 0) await this.batch(changes);
  }
}

/** Adds them all. */
const additions = (rules) => rules.map((wanted) => ({ op: 'add', wanted }));

/** One rule goes elsewhere, as an update in place does it: the new entry comes, the old one goes. */
const replacement = (before, after) => [
  { op: 'add', wanted: after },
  { op: 'remove', handle: before.tag },
];

module.exports = { AgentClient, additions, replacement };
