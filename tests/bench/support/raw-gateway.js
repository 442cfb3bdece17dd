const { once } = require('node:events');
const { join } = require('node:path');
const { createInterface } = require('node:readline');
const { Lab } = require('../../../dist/lab');

/**
 * The floor: a gateway of its own on which a small process runs nft, ip and conntrack by their commands and nothing else.
 * It answers with the milliseconds of each step.
 */
class RawGateway {
  static async start() {
    const lab = await Lab.start();
    try {
      const argv = [process.execPath, join(__dirname, 'raw-process.js'), join(lab.directory, 'raw')];
      const child = lab.spawn('gateway', argv, { stdio: ['pipe', 'pipe', 'inherit'] });
      return new RawGateway(lab, child);
    } catch (error) {
      await lab.stop();
      throw error;
    }
  }

  constructor(lab, child) {
    this.lab = lab;
    this.child = child;
    this.lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** Our table with these rules, whole. */
  hold(rules) {
    return this.ask({ op: 'hold', rules });
  }

  /** The steps of one change: `nft -c`, apply, and those that are asked for. `check`, `apply`, `list` … in ms, and their `sum`. */
  change(from, to, steps) {
    return this.ask({ op: 'change', from, to, steps });
  }

  async ask(request) {
    this.child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error('the floor ended');
    const { error, ...answer } = JSON.parse(value);
    if (error !== undefined) throw new Error(`the floor: ${error}`);
    return answer;
  }

  async stop() {
    const closed = this.child.exitCode === null ? once(this.child, 'close') : null;
    this.child.stdin.end();
    await closed;
    await this.lab.stop();
  }
}

module.exports = { RawGateway };
