const { join } = require('node:path');
const { Lab, LabMiniupnpd } = require('../../../dist/lab');
const { JsonProcess } = require('./json-process');

/** A network of its own with the real miniupnpd, and a process on a host of its LAN that is told what to ask of it. */
class UpnpNetwork {
  static async start() {
    const lab = await Lab.start();
    try {
      const router = await LabMiniupnpd.start(lab);
      const process = new JsonProcess(lab, 'server', [join(__dirname, 'lan-process.js')], 'the LAN host');
      return new UpnpNetwork(lab, router, process);
    } catch (error) {
      await lab.stop();
      throw error;
    }
  }

  constructor(lab, router, process) {
    this.lab = lab;
    this.router = router;
    this.process = process;
  }

  /** What the host measured. */
  ask(op, request = {}) {
    return this.process.ask({ op, url: this.router.url, ...request });
  }

  /** What the gateway maps, by upnpc, without what gets older. */
  async mappings() {
    return (await this.router.list('server')).map(({ lease: _, description, ...mapping }) => mapping);
  }

  /** As after its first start. */
  clear() {
    return this.router.restart({ forget: true, flush: true });
  }

  async stop() {
    await this.process.stop();
    await this.router.stop();
    await this.lab.stop();
  }
}

module.exports = { UpnpNetwork };
