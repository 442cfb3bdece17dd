const { once } = require('node:events');
const { join } = require('node:path');
const { createInterface } = require('node:readline');
const { addresses, Lab } = require('../../../dist/lab');
const { sbinPath } = require('../../../dist/lab/namespaces/guard');
const { spawnSync } = require('node:child_process');

/** Null where the sender of whole frames runs; perl is part of every Debian and Ubuntu. */
function missingForPackets() {
  const env = { ...process.env, PATH: sbinPath(process.env.PATH) };
  const { status } = spawnSync('perl', ['-MSocket', '-MTime::HiRes', '-e', '1'], { env });
  return status === 0 ? null : 'there is no perl on this machine';
}

/** The server counts and drops what arrives, so that nothing comes back and nothing is lost unseen. */
const ARRIVALS = `
add table inet arrivals
add counter inet arrivals datagrams
add chain inet arrivals early { type filter hook prerouting priority -300; }
add rule inet arrivals early meta l4proto udp counter name datagrams drop
`;

/** A lab with rules on its gateway, and a sender of new flows on its internet. */
class PacketGateway {
  /** `fill(lab)` puts the rules there. */
  static async start(fill) {
    const lab = await Lab.start();
    try {
      await lab.nft(ARRIVALS, 'server');
      // The neighbours must be known before the first frame: a flood would overrun the queue that waits for them.
      await fixed(lab, 'gateway', addresses.server.lan, 'br0', await mac(lab, 'server', 'eth0'));
      await fill(lab);
      const argv = ['perl', join(__dirname, 'sender.pl'), 'isp0', await mac(lab, 'internet', 'isp0')];
      argv.push(await mac(lab, 'gateway', 'wan0'), addresses.gateway.wan);
      const child = lab.spawn('internet', argv, { stdio: ['pipe', 'pipe', 'inherit'] });
      return new PacketGateway(lab, child);
    } catch (error) {
      await lab.stop();
      throw error;
    }
  }

  constructor(lab, child) {
    this.lab = lab;
    this.child = child;
    this.next = 0;
    this.arrived = 0;
    this.lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** Microseconds per packet, each the first of a new flow. Throws where some got lost. */
  async newFlows(count, port) {
    await this.lab.forgetConnections();
    const cost = await this.send(count, port);
    this.next += count;
    return cost;
  }

  /** The same packets once more: known flows, which no rule is asked about. */
  async sameFlows(count, port) {
    this.next -= count;
    const cost = await this.send(count, port);
    this.next += count;
    return cost;
  }

  async send(count, port) {
    this.child.stdin.write(`${this.next % 900_000} ${count} ${port}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error('the sender ended');
    const before = this.arrived;
    this.arrived = await this.count();
    if (this.arrived - before < count * 0.999)
      throw new Error(`${this.arrived - before} of ${count} packets reached the server`);
    return Number(value);
  }

  async count() {
    const { stdout } = await this.lab.exec('server', [
      'nft',
      '-j',
      'list',
      'counter',
      'inet',
      'arrivals',
      'datagrams',
    ]);
    return JSON.parse(stdout).nftables.find((one) => one.counter).counter.packets;
  }

  async stop() {
    const closed = this.child.exitCode === null ? once(this.child, 'close') : null;
    this.child.stdin.end();
    await closed;
    await this.lab.stop();
  }
}

async function mac(lab, host, name) {
  const { stdout } = await lab.exec(host, ['cat', `/sys/class/net/${name}/address`]);
  return stdout.trim();
}

async function fixed(lab, host, address, name, lladdr) {
  const argv = ['ip', 'neigh', 'replace', address, 'lladdr', lladdr, 'dev', name, 'nud', 'permanent'];
  const { code, stderr } = await lab.exec(host, argv);
  if (code !== 0) throw new Error(stderr);
}

module.exports = { missingForPackets, PacketGateway };
