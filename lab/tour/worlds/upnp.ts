import { Lab } from '../../namespaces/lab';
import { addresses } from '../../namespaces/network';
import { LabMiniupnpd } from '../../services/miniupnpd';
import { MINIUPNPD_UDN } from '../../services/miniupnpd-layout';
import type { RunProgram } from '../engine';
import { upnp } from '../examples';
import type { LeftOut } from '../left-out';
import type { Loss, Tampering, Visitor, World } from '../world';
import { Packets } from './packets';

/** Another port of the server, where somebody sends its connections. */
const OTHER_PORT = 9000;

/**
 * The real miniupnpd on the lab's gateway: packets move. It maps only to the address that asks, so the engine lives on the server.
 */
export class UpnpWorld implements World {
  readonly mode = 'real';
  readonly title =
    'real packets through a real UPnP router (miniupnpd) in network namespaces of this machine. It maps only to the host that asks, so the engine runs on the server';
  readonly example = upnp;
  readonly settings = { udn: MINIUPNPD_UDN };
  readonly environment = {};
  private readonly packets: Packets;

  private constructor(
    private readonly lab: Lab,
    private readonly router: LabMiniupnpd,
  ) {
    this.packets = new Packets(lab, router.publicAddress);
  }

  static async start(): Promise<UpnpWorld> {
    const lab = await Lab.start();
    try {
      const world = new UpnpWorld(lab, await LabMiniupnpd.start(lab));
      for (const port of [upnp.internalPort, OTHER_PORT]) await lab.on('server').greet(port);
      await lab.on('internet').greet(upnp.externalPort, addresses.internet.site);
      await world.mapForDesk();
      return world;
    } catch (error) {
      await lab.stop();
      throw error;
    }
  }

  get directory(): string {
    return this.lab.directory;
  }

  readonly run: RunProgram = (argv, options) => this.lab.exec('server', argv, options);

  visit(from: Visitor, port: number) {
    return this.packets.visit(from, port);
  }

  bystander(port: number) {
    return this.packets.bystander(port);
  }

  readonly tampering: Tampering = {
    act: async () => {
      const mapping = (await this.mappings()).find(
        ({ externalPort }) => externalPort === this.example.externalPort,
      );
      if (!mapping) throw new Error('There is no mapping to change by hand.');
      const { description, internalClient, externalPort } = mapping;
      const port = `${OTHER_PORT} ${externalPort} TCP`;
      await this.upnpc('server', '-e', description, '-a', internalClient, ...port.split(' '));
      return `upnpc -e '${description}' -a ${internalClient} ${port}`;
    },
    claim: 'the client now reaches another program on the server',
    answeredBy: `server:${OTHER_PORT}`,
    property: 'internalPort',
    live: `${OTHER_PORT}`,
    declared: `${upnp.internalPort}`,
  };

  readonly loss: Loss = {
    title: 'The router restarts and forgets its mappings: the next apply puts it back',
    strike: async () => {
      await this.router.restart({ forget: true, flush: true });
      await this.mapForDesk();
      return '(on the router) miniupnpd restarts, with an empty table';
    },
    recovery: null,
  };

  readonly obstacle: LeftOut = {
    leftOut:
      'UPnP shows mappings and no firewall: what drops packets behind a mapping cannot be seen from the LAN.',
  };

  /** The mappings of others. Their leases run, so those are not compared. */
  async foreign(): Promise<string> {
    const others = (await this.mappings()).filter(({ description }) => !description.startsWith('pf1_'));
    return JSON.stringify(others.map(({ lease: _, ...mapping }) => mapping));
  }

  stop(): Promise<void> {
    return this.lab.stop();
  }

  private mappings() {
    return this.router.list('server');
  }

  /** What a game on another machine does. */
  private mapForDesk(): Promise<void> {
    return this.upnpc('desk', '-e', 'game', '-a', addresses.desk.lan, '27015', '27015', 'UDP');
  }

  private async upnpc(host: 'server' | 'desk', ...args: readonly string[]): Promise<void> {
    const { code, stdout, stderr } = await this.router.upnpc(host, ...args);
    if (code !== 0) throw new Error(`upnpc ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`);
  }
}
