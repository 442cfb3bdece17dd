const { join } = require('node:path');
const { Lab } = require('../../../dist/lab');
const { JsonProcess } = require('./json-process');

/**
 * The floor: a gateway of its own on which a small process runs nft, ip and conntrack by their commands and nothing else.
 * It answers with the milliseconds of each step.
 */
class RawGateway {
  static async start() {
    const lab = await Lab.start();
    try {
      const argv = [join(__dirname, 'raw-process.js'), join(lab.directory, 'raw')];
      return new RawGateway(lab, new JsonProcess(lab, 'gateway', argv, 'the floor'));
    } catch (error) {
      await lab.stop();
      throw error;
    }
  }

  constructor(lab, process) {
    this.lab = lab;
    this.process = process;
  }

  /** Our table with these rules, whole. */
  hold(rules) {
    return this.process.ask({ op: 'hold', rules });
  }

  /** The steps of one change: `nft -c`, apply, and those that are asked for. `check`, `apply`, `list` … in ms, and their `sum`. */
  change(from, to, steps) {
    return this.process.ask({ op: 'change', from, to, steps });
  }

  async stop() {
    await this.process.stop();
    await this.lab.stop();
  }
}

module.exports = { RawGateway };
