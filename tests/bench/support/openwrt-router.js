const { fork } = require('node:child_process');
const { once } = require('node:events');
const { join } = require('node:path');
const { processorTime } = require('./processor');

const ACCOUNT = { username: 'portforward', password: 'bench' };

/** The simulated router of openwrt-process.js, seen from here. */
class OpenwrtRouter {
  /** `reloadDelay`: milliseconds from a change to the reload of its firewall. */
  static async start(reloadDelay) {
    const argv = [ACCOUNT.username, ACCOUNT.password, `${reloadDelay}`];
    const child = fork(join(__dirname, 'openwrt-process.js'), argv);
    const [{ url, pin }] = await once(child, 'message');
    return new OpenwrtRouter(child, url, pin);
  }

  constructor(child, url, pin) {
    this.child = child;
    this.url = url;
    /** Arguments of a gateway of the kind `openwrt`. */
    this.gateway = { ...ACCOUNT, url, pins: [pin] };
  }

  async ask(op) {
    const answer = once(this.child, 'message');
    this.child.send(op);
    return (await answer)[0];
  }

  /** Milliseconds of processor time that it has used. */
  get processor() {
    return processorTime(this.child.pid).own;
  }

  async stop() {
    const closed = once(this.child, 'exit');
    this.child.disconnect();
    await closed;
  }
}

module.exports = { OpenwrtRouter };
