import type { NetworkInterfaceInfo } from 'node:os';
import type { Habits } from '../../lab/simulators/igd/habits';
import { keyOf, type Mapping, type MappingProtocol } from '../../lab/simulators/igd/mapping';
import { IgdSimulator } from '../../lab/simulators/igd/simulator';
import type { Backend } from '../../provider/backends/backend';
import { connectUpnp } from '../../provider/backends/upnp/backend';
import { upnpCapabilities } from '../../provider/backends/upnp/codec';
import { upnpKind } from '../../provider/backends/upnp/kind';
import { parseTag } from '../../provider/rule/identity';
import type { Forward } from '../../provider/rule/rule';
import type { Device, Fault, Harness, RawEntry } from './harness';

const WRITES = ['AddPortMapping', 'DeletePortMapping'];

const info = (address: string, bits: number): NetworkInterfaceInfo => ({
  address,
  netmask: '',
  family: 'IPv4',
  mac: '02:00:5e:10:00:02',
  internal: false,
  cidr: `${address}/${bits}`,
});

/** A client as another process would have it, which takes the loopback for a LAN of its own. */
export function upnpClient(router: IgdSimulator, args: Readonly<Record<string, unknown>> = {}): Backend {
  const config = upnpKind.parse({ url: router.url, interfaces: ['127.0.0.1'], ...args }, {});
  return connectUpnp(config as Parameters<typeof connectUpnp>[0], {
    // Targets must lie on a network of the interface that leads to the router.
    interfaces: () => ({ lan0: [info('127.0.0.1', 8), info('192.168.1.2', 24)] }),
    routers: () => ['127.0.0.1'],
    port: router.searchPort,
  });
}

/** A UPnP gateway in this process, with these habits. */
export function upnpHarness(habits: Habits): Harness {
  return {
    capabilities: upnpCapabilities({ pinholes: false, sources: !habits.forgetsRemoteHost }),
    generations: false,
    trials: false,
    ids: true,
    network: { hosts: ['192.168.1.10', '192.168.1.20'], host6: null, wan: null },
    managementPort: null,
    // UPnP knows no logins, and tells of nothing that stands in front.
    faults: new Set<Fault['kind']>([
      'refuse',
      'lost-answer',
      'lost-request',
      'unchanged',
      'ignore-sources',
      'hang',
      'hold',
      'unreachable',
    ]),
    // No `log`: a new target or description is a deletion and an addition there, so its order is no promise. No `restriction`:
    // a mapping has no room for one. No `unchangeable`: that goes by who asks, and here all are one.
    hooks: new Set(['foreign', 'tamper', 'vanish', 'copy', 'crash', 'restart', 'replace']),
    start: () => UpnpDevice.start(habits),
  };
}

class UpnpDevice implements Device {
  readonly endpoint = 'upnp:test';
  private readonly clients: Backend[] = [];
  private opens = 0;
  private applies = 0;
  private readonly router: IgdSimulator;

  private constructor(habits: Habits) {
    this.router = new IgdSimulator({ habits, identity: { udn: ownUdn() } });
  }

  static async start(habits: Habits): Promise<UpnpDevice> {
    const device = new UpnpDevice(habits);
    await device.router.start({ ssdp: { port: 0, address: '127.0.0.1' } });
    return device;
  }

  connect(): Backend {
    const backend = upnpClient(this.router);
    this.clients.push(backend);
    return this.counted(backend);
  }

  /** Over the loopback it cannot be known which LAN the router is on, so every target is taken. */
  get reachedBy() {
    return { kind: 'upnp', url: this.router.url };
  }

  async snapshot(): Promise<readonly RawEntry[]> {
    return this.router.byHand.mappings.map(({ expires: _, ...mapping }) => ({
      handle: keyOf(mapping),
      tag: parseTag(mapping.description)?.text ?? null,
      text: JSON.stringify(mapping),
    }));
  }

  async addForeign(forward: Forward): Promise<string> {
    return this.router.byHand.add(mappingOf(forward, 'Made by hand'));
  }

  async addOurs(tag: string, id: string, forward: Forward): Promise<string> {
    const whole = `${tag} ${id}`;
    return this.router.byHand.add(mappingOf(forward, whole.length <= 63 ? whole : tag), 3600);
  }

  async tamper(handle: string, change: Partial<Forward>): Promise<void> {
    this.router.byHand.change(handle, changesOf(change));
  }

  async vanish(handle: string): Promise<void> {
    this.router.byHand.remove(handle);
  }

  async copy(handle: string, change: Partial<Forward>): Promise<string> {
    const mapping = this.router.byHand.mapping(handle);
    if (!mapping) throw new Error(`no mapping ${handle}`);
    return this.router.byHand.add({ ...mapping, ...changesOf(change) }, 3600);
  }

  log(): never[] {
    throw new Error('a change is several steps there');
  }

  counts() {
    const walks = this.router.counters.packets.filter(({ args }) => args.get('NewPortMappingIndex') === '0');
    return { logins: this.opens, lists: walks.length, applies: this.applies };
  }

  async inject(fault: Fault): Promise<() => Promise<void>> {
    const { router } = this;
    const lift = (undo: () => void) => async (): Promise<void> => undo();
    switch (fault.kind) {
      case 'refuse':
        return lift(
          router.misbehave({
            how: 'fault',
            to: 'AddPortMapping',
            words: fault.message,
            where: (args) => args.get('NewExternalPort') === String(fault.port),
          }),
        );
      case 'lost-answer':
        return lift(router.misbehave({ how: 'lost', to: WRITES, times: 1 }));
      case 'lost-request':
        return lift(router.misbehave({ how: 'cut', to: WRITES, times: 1 }));
      case 'unchanged':
        return lift(router.misbehave({ how: 'unchanged', to: WRITES }));
      case 'ignore-sources':
        router.faults.dropRemoteHost = true;
        return lift(() => {
          router.faults.dropRemoteHost = false;
        });
      case 'hang':
        return lift(router.hold());
      case 'hold':
        return this.holdNext(fault.reached);
      case 'unreachable':
        await router.powerOff();
        return () => router.powerOn({ keep: true });
      default:
        throw new Error(`a UPnP gateway has no ${fault.kind}`);
    }
  }

  async restart(): Promise<void> {
    await this.router.reboot();
  }

  async trialEnds(): Promise<void> {
    throw new Error('UPnP has no trials');
  }

  async replace(): Promise<void> {
    this.router.identity = { ...this.router.identity, udn: ownUdn() };
    await this.router.reboot();
  }

  async stop(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.close()));
    await this.router.stop();
  }

  private async holdNext(reached: () => void): Promise<() => Promise<void>> {
    let go = (): void => {};
    const until = new Promise<void>((resolve) => {
      go = resolve;
    });
    this.router.misbehave({ how: 'held', to: WRITES, times: 1, reached, until });
    return async () => {
      go();
      // The router has waited for it for longer, and has carried it out before we go on.
      await until;
    };
  }

  /** The device knows no logins, and of batches only their single changes: both are counted where they begin. */
  private counted(backend: Backend): Backend {
    const counted: Backend = Object.create(backend);
    counted.open = (signal) => {
      this.opens += 1;
      return backend.open(signal);
    };
    counted.apply = (changes, options) => {
      this.applies += 1;
      return backend.apply(changes, options);
    };
    return counted;
  }
}

let made = 0;

/** By which a router is known again: each has one of its own. */
function ownUdn(): string {
  made += 1;
  return `uuid:5d1a2b3c-0009-4000-8000-${made.toString(16).padStart(12, '0')}`;
}

/** The one mapping that a forward of one entry is. */
function mappingOf(forward: Forward, description: string): Omit<Mapping, 'expires'> {
  const {
    protocol = 'TCP',
    externalPort = 0,
    internalPort = 0,
    internalClient = '',
    remoteHost = '',
  } = changesOf(forward);
  return { protocol, externalPort, internalPort, internalClient, remoteHost, enabled: true, description };
}

function changesOf({ traffic, target, sources }: Partial<Forward>): Partial<Omit<Mapping, 'expires'>> {
  const [first] = traffic ?? [];
  const [span] = first?.ports ?? [];
  return {
    ...(first ? { protocol: first.protocol.toUpperCase() as MappingProtocol } : {}),
    ...(span ? { externalPort: span.from, internalPort: span.target } : {}),
    ...(target?.kind === 'host' ? { internalClient: target.address } : {}),
    ...(sources === undefined ? {} : { remoteHost: sources?.[0]?.replace(/\/32$/, '') ?? '' }),
  };
}
