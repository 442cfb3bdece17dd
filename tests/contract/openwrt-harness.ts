import { OpenWrtSimulator } from '../../lab/simulators/openwrt/simulator';
import type { Backend } from '../../provider/backends/backend';
import { aclFile } from '../../provider/backends/openwrt/acl';
import { openwrtCapabilities } from '../../provider/backends/openwrt/codec';
import { openwrtKind } from '../../provider/backends/openwrt/kind';
import { parseTag } from '../../provider/rule/identity';
import type { Forward } from '../../provider/rule/rule';
import type { Device, Fault, Harness, RawEntry } from './harness';
import { OpenwrtLedger, OpenwrtProxy } from './openwrt-proxy';
import { redirectSection, redirectValues } from './openwrt-sections';

const signal = new AbortController().signal;
const LOGIN = { username: 'portforward', password: 'forward' };

/** A router without any entry: its zones alone. */
const FIREWALL = `
config defaults
	option input 'REJECT'
	option output 'ACCEPT'
	option forward 'REJECT'

config zone
	option name 'lan'
	list network 'lan'
	option input 'ACCEPT'
	option output 'ACCEPT'
	option forward 'ACCEPT'

config zone
	option name 'wan'
	list network 'wan'
	list network 'wan6'
	option input 'REJECT'
	option output 'ACCEPT'
	option forward 'REJECT'
	option masq '1'

config forwarding
	option src 'lan'
	option dest 'wan'
`;

/** An OpenWrt router in this process, behind its HTTP interface. */
export const openwrtHarness: Harness = {
  capabilities: openwrtCapabilities,
  generations: true,
  trials: true,
  ids: true,
  network: { hosts: ['192.168.1.10', '192.168.1.20'], host6: '2001:db8:1::10', wan: '203.0.113.7' },
  // Only who comes from the WAN could lose his way: tests/provider/backends/openwrt/zones.test.ts.
  managementPort: null,
  // uci refuses nothing for its ports, and has no words for what it refuses.
  faults: new Set<Fault['kind']>([
    'lost-answer',
    'lost-request',
    'unchanged',
    'ignore-sources',
    'credential',
    'expired-login',
    'hang',
    'hold',
    'unreachable',
    'blocked',
    'cut-way',
    'late-confirm',
    'unheard-confirm',
  ]),
  // A tag is the name of its section, so there cannot be two.
  hooks: new Set([
    'foreign',
    'unchangeable',
    'restriction',
    'tamper',
    'vanish',
    'crash',
    'restart',
    'replace',
    'log',
    'trial-end',
  ]),
  start: () => OpenwrtDevice.start(),
};

class OpenwrtDevice implements Device {
  readonly endpoint = 'openwrt:test';
  private readonly ledger = new OpenwrtLedger();
  private readonly proxies: OpenwrtProxy[] = [];
  private readonly clients: Backend[] = [];
  private router = simulator(ownMac());

  static async start(): Promise<OpenwrtDevice> {
    const device = new OpenwrtDevice();
    await device.router.start();
    // Clients come without warning; their ways are laid before.
    for (let index = 0; index < 12; index += 1) await device.layWay();
    return device;
  }

  connect(): Backend {
    const proxy = this.spare.shift();
    if (!proxy) throw new Error('no way is laid');
    this.laying = this.laying.then(() => this.layWay());
    const backend = openwrtKind.connect(openwrtKind.parse({ ...LOGIN, url: proxy.url }, {}));
    this.clients.push(backend);
    return this.withHints(backend);
  }

  get reachedBy() {
    return { kind: 'openwrt', url: this.router.url, ...LOGIN };
  }

  async snapshot(): Promise<readonly RawEntry[]> {
    const sections = [...this.router.byHand.sections('redirect'), ...this.router.byHand.sections('rule')];
    return sections
      .filter(({ options }) => options.get('name') !== BLOCK)
      .map(({ name, options }) => ({
        handle: name,
        tag: parseTag(name)?.text ?? null,
        text: JSON.stringify({
          enabled: options.get('enabled') !== '0',
          lines: this.router.byHand.lines(name)?.replace(/cfg[0-9a-f]+/g, 'anonymous'),
        }),
      }));
  }

  async addForeign(
    forward: Forward,
    { restriction, changeable = true }: { restriction?: string; changeable?: boolean } = {},
  ): Promise<string> {
    if (changeable) {
      const values = redirectSection(forward, 'Made by hand');
      const more = restriction === undefined ? {} : { extra: restriction };
      return this.router.byHand.add('redirect', { ...values, ...more });
    }
    const [traffic] = forward.traffic;
    const span = traffic?.ports[0];
    const host = forward.target.kind === 'host' ? forward.target.address : '';
    this.router.byHand.nft(
      'dstnat_wan',
      `meta nfproto ipv4 ${traffic?.protocol} dport ${span?.from} counter dnat ip to ${host}:${span?.target}`,
      { comment: '!fw4: ubus:proxy[instance1] redirect 0' },
    );
    const client = this.connect();
    await client.open(signal);
    const { entries } = await client.list([], signal);
    await client.close();
    return entries.find((entry) => !entry.changeable)?.handle as string;
  }

  async addOurs(tag: string, id: string, forward: Forward): Promise<string> {
    return this.router.byHand.add('redirect', redirectSection(forward, id), tag);
  }

  async tamper(handle: string, change: Partial<Forward> & { readonly restriction?: string }): Promise<void> {
    const { restriction, ...forward } = change;
    const more = restriction === undefined ? {} : { extra: restriction };
    this.router.byHand.change(handle, { ...redirectValues(forward), ...more });
  }

  async vanish(handle: string): Promise<void> {
    this.router.byHand.remove(handle);
  }

  async copy(): Promise<string> {
    throw new Error('the tag is the name of a section: there cannot be two');
  }

  log() {
    return this.ledger.log;
  }

  counts() {
    return { ...this.ledger.counts };
  }

  async inject(fault: Fault): Promise<() => Promise<void>> {
    const undo = this.begin(fault);
    await this.follow();
    return async () => {
      this.ledger.faults.delete(fault);
      undo();
      await this.follow();
    };
  }

  async restart(): Promise<void> {
    await this.router.reboot();
  }

  async replace(): Promise<void> {
    await this.router.stop();
    this.router = simulator('02:00:5e:20:00:01');
    await this.router.start();
  }

  async trialEnds(): Promise<void> {
    this.router.applyTimesOut();
    await this.follow();
  }

  async stop(): Promise<void> {
    this.ledger.faults.clear();
    await this.follow();
    await Promise.all(this.clients.map((client) => client.close()));
    await this.laying;
    await Promise.all(this.proxies.map((proxy) => proxy.end()));
    await this.router.stop();
  }

  private readonly spare: OpenwrtProxy[] = [];
  private laying: Promise<void> = Promise.resolve();

  private async layWay(): Promise<void> {
    const proxy = new OpenwrtProxy(this.ledger, {
      url: () => this.router.url,
      trialEnds: () => this.router.applyTimesOut(),
      takes: (port) =>
        this.router.byHand.sections('redirect').some(({ options }) => options.get('src_dport') === `${port}`),
    });
    await proxy.listen();
    this.proxies.push(proxy);
    this.spare.push(proxy);
    await proxy.follow();
  }

  private async follow(): Promise<void> {
    for (const proxy of this.proxies) await proxy.follow();
  }

  private begin(fault: Fault): () => void {
    const { router } = this;
    this.ledger.faults.add(fault);
    if (fault.kind === 'credential') router.faults.refuseLogins = true;
    if (fault.kind === 'credential' || fault.kind === 'expired-login') router.expireSessions();
    if (fault.kind === 'unchanged')
      for (const to of ['uci.apply', 'uci.commit']) router.misbehave({ how: 'unchanged', to });
    const block =
      fault.kind === 'blocked'
        ? router.byHand.add('rule', {
            name: BLOCK,
            src: 'wan',
            dest: 'lan',
            proto: 'tcp',
            dest_port: `${fault.port}`,
            target: 'DROP',
          })
        : null;
    let go = (): void => {};
    const until = new Promise<void>((resolve) => {
      go = resolve;
    });
    if (fault.kind === 'hold')
      router.misbehave({
        how: 'held',
        to: 'uci.apply',
        // A look asks for more, and applies nothing.
        where: ({ length }) => length === 2,
        times: 1,
        reached: fault.reached,
        until,
      });
    return () => {
      go();
      router.faults.refuseLogins = false;
      router.behave();
      if (block !== null) router.byHand.remove(block);
    };
  }

  /** The suite tells the remedy itself, so ours is put in its place. */
  private withHints(backend: Backend): Backend {
    const hintFor = (entry: { readonly forward: Forward }): string | undefined =>
      [...this.ledger.faults].flatMap((fault) =>
        fault.kind === 'blocked' && entry.forward.traffic.some(({ ports }) => ports[0]?.from === fault.port)
          ? [fault.hint]
          : [],
      )[0];
    return new Proxy(backend, {
      get: (target, property) => {
        const value = Reflect.get(target, property);
        if (property !== 'list') return typeof value === 'function' ? value.bind(target) : value;
        return async (...args: Parameters<Backend['list']>) => {
          const table = await target.list(...args);
          const entries = table.entries.map((entry) => {
            const hint = hintFor(entry);
            return entry.blocked && hint ? { ...entry, blocked: { ...entry.blocked, hint } } : entry;
          });
          return { ...table, entries };
        };
      },
    });
  }
}

let made = 0;

/** By which a router is known again: each has one of its own. */
function ownMac(): string {
  made += 1;
  return `02:00:5e:10:${[made >> 8, made & 255].map((byte) => byte.toString(16).padStart(2, '0')).join(':')}`;
}

/** A rule of the router's owner that drops what we let in. */
const BLOCK = 'Block it';

function simulator(mac: string): OpenWrtSimulator {
  const file = (text: string) => JSON.parse(text);
  return new OpenWrtSimulator({
    tls: false,
    reloadDelay: 0,
    files: { firewall: FIREWALL },
    devices: [{ name: 'br-lan', type: 'bridge', mac }],
    // The file that is shipped, so that whatever it lacks fails here.
    acl: {
      'unauthenticated.json': file('{"unauthenticated":{"read":{"ubus":{"session":["access","login"]}}}}'),
      'portforward.json': file(aclFile(['wan'], ['lan'])),
    },
  });
}
