import type { SimulatorClock } from '../clock';
import { connectionActions, firewallActions } from './actions/by-name';
import { Arguments } from './arguments';
import { Connection } from './connection';
import { UpnpFault } from './errors';
import { type Habits, igd2 } from './habits';
import { type IgdIdentity, type IgdOptions, usualIdentity } from './options';
import { Pinholes } from './pinholes';
import { type ActionFact, serviceActions } from './services';
import type { SoapCall, SoapResult } from './soap';

/** One service as the description lists it. */
export interface Service {
  /** Without `urn:schemas-upnp-org:service:`. */
  readonly type: string;
  readonly id: string;
  /** In its URLs. */
  readonly path: string;
  /** The connection that it is of; null for the others. */
  readonly connection: Connection | null;
}

/** The gateway behind its web server: what it is, what it has mapped, and how it takes an action. */
export class IgdDevice {
  readonly habits: Habits;
  identity: IgdIdentity;
  readonly connections: readonly Connection[];
  readonly pinholes: Pinholes | null;
  /** Rises with every start (UPnP Device Architecture 1.1, 1.2.2). */
  bootId = 1;

  constructor(
    options: IgdOptions,
    private readonly clock: SimulatorClock,
  ) {
    this.habits = { ...igd2, ...options.habits };
    this.identity = { ...usualIdentity, ...options.identity };
    this.connections = (options.connections ?? [{}]).map((one) => new Connection(one, clock));
    this.pinholes = options.pinholes ? new Pinholes(clock) : null;
  }

  /** In the order of the description. */
  get services(): readonly Service[] {
    const { version } = this.habits;
    const connections = this.connections.map((connection, index) => {
      const kind = connection.kind === 'ip' ? 'WANIPConn' : 'WANPPPConn';
      const id = `${kind}${index + 1}`;
      return { type: connection.typeFor(version), id, path: id, connection };
    });
    return [
      { type: 'WANCommonInterfaceConfig:1', id: 'WANCommonIFC1', path: 'WANCommonIFC1', connection: null },
      ...connections,
      ...(this.pinholes
        ? [{ type: 'WANIPv6FirewallControl:1', id: 'WANIPv6Firewall1', path: 'WANIPv6FC1', connection: null }]
        : []),
    ];
  }

  actionsOf({ type }: Service): readonly ActionFact[] {
    return serviceActions[type] ?? [];
  }

  knows(service: Service, { service: type, action }: SoapCall): boolean {
    return type === service.type && this.actionsOf(service).some(({ name }) => name === action);
  }

  /** Carries an action out for `asker`, or throws an UpnpFault. */
  call(service: Service, call: SoapCall, asker: string): SoapResult {
    const fact = this.actionsOf(service).find(({ name }) => name === call.action);
    if (!fact || call.service !== service.type) throw new UpnpFault(401);
    const { habits } = this;
    const asked = { args: new Arguments(fact, call.args, habits), habits, asker, now: this.clock.now() };
    const { connection } = service;
    if (connection) return connectionActions[call.action]?.({ ...asked, connection }) ?? {};
    if (this.pinholes && call.action in firewallActions)
      return firewallActions[call.action]?.({ ...asked, pinholes: this.pinholes }) ?? {};
    return linkProperties;
  }

  /** Gives what puts all tables back as they are now. */
  memento(): () => void {
    const undo = [...this.connections.map(({ table }) => table.memento()), this.pinholes?.memento()];
    return () => {
      for (const back of undo) back?.();
    };
  }

  /** Off and on again. Nothing is kept (WANIPConnection:2 2.3.16 does not ask for it). */
  restart(): void {
    this.bootId += 1;
    this.pinholes?.restart();
    for (const connection of this.connections) connection.restart();
  }
}

/** What GetCommonLinkProperties tells; clients show it, and nothing hangs on it. */
const linkProperties: SoapResult = {
  NewWANAccessType: 'Ethernet',
  NewLayer1UpstreamMaxBitRate: '100000000',
  NewLayer1DownstreamMaxBitRate: '100000000',
  NewPhysicalLinkStatus: 'Up',
};
