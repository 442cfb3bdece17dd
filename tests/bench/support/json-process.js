const { once } = require('node:events');
const { createInterface } = require('node:readline');

/** A process inside the lab that answers each line of JSON with one, in order; `{ error }` is thrown here. */
class JsonProcess {
  constructor(lab, host, argv, name) {
    this.child = lab.spawn(host, [process.execPath, ...argv], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    this.name = name;
  }

  async ask(request) {
    this.child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`${this.name} ended`);
    const { error, ...answer } = JSON.parse(value);
    if (error !== undefined) throw new Error(`${this.name}: ${error}`);
    return answer;
  }

  async stop() {
    const closed = this.child.exitCode === null ? once(this.child, 'close') : null;
    this.child.stdin.end();
    await closed;
  }
}

module.exports = { JsonProcess };
