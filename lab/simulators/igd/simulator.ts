import { machineClock, type SimulatorClock } from '../clock';
import { MischiefPlan } from '../mischief-plan';
import { ByHand } from './by-hand';
import type { Connection } from './connection';
import { Counters } from './counters';
import { DESCRIPTION_PATH } from './description';
import { IgdDevice } from './device';
import { type Faults, type Mischief, noFaults } from './faults';
import type { Habits } from './habits';
import { Front } from './http/front';
import { WebServer } from './http/server';
import type { IgdIdentity, IgdOptions, ListenOptions } from './options';
import type { Pinholes } from './pinholes';
import { SsdpResponder } from './ssdp';

export interface RebootOptions {
  /** Whether the web server comes back on another port. Default false. */
  readonly move?: boolean;
  /** Whether it was never off, only out of reach: then its table and everything else is as it was. Default false. */
  readonly keep?: boolean;
}

/**
 * A UPnP Internet gateway in this process, of version 1 or 2: it answers searches, describes itself, and keeps a table of
 * mappings through which no packet ever passes. `habits` say which model it is, `faults` and `misbehave` make it go wrong,
 * `byHand` is other people at work.
 *
 * @example
 * const gateway = new IgdSimulator({ habits: miniupnpd });
 * const url = await gateway.start();
 * gateway.misbehave({ how: 'lost', to: 'AddPortMapping', times: 1 });
 * await gateway.stop();
 */
export class IgdSimulator {
  readonly faults: Faults = noFaults();
  readonly counters = new Counters();
  readonly byHand: ByHand;
  /** Whom the router takes the asker for, by the address that it comes from. Default: for whom it is. */
  asker: (peer: string) => string = (peer) => peer;
  private readonly device: IgdDevice;
  private readonly plan = new MischiefPlan<Mischief>();
  private readonly web: WebServer;
  private readonly ssdp: SsdpResponder;
  private readonly clock: SimulatorClock;
  private held: Promise<void> | null = null;

  constructor(options: IgdOptions = {}) {
    this.clock = options.clock ?? machineClock;
    this.device = new IgdDevice(options, this.clock);
    this.byHand = new ByHand(this.connection, () => this.clock.now());
    const { device, counters, faults, plan } = this;
    const front = new Front({
      device,
      counters,
      faults,
      plan,
      pause: () => this.pause(),
      asker: (peer) => this.asker(peer),
      reboot: () => {
        device.restart();
        this.web.cutAll();
      },
      die: () => void this.web.down(),
    });
    this.web = new WebServer(counters, (request, response) => front.handle(request, response));
    this.ssdp = new SsdpResponder({
      device,
      counters,
      faults,
      clock: this.clock,
      location: () => (this.web.isUp ? this.url : null),
    });
  }

  /** Listens; gives the description's URL. */
  async start({ port = 0, hosts = ['127.0.0.1'], ssdp }: ListenOptions = {}): Promise<string> {
    await this.web.listen(port, hosts);
    if (ssdp) await this.ssdp.listen(ssdp);
    return this.url;
  }

  async stop(): Promise<void> {
    this.ssdp.close();
    await this.web.down();
  }

  /** URL of the description. */
  get url(): string {
    return `${this.web.url}${DESCRIPTION_PATH}`;
  }

  /** UDP port where it hears searches; 0 when it does not. */
  get searchPort(): number {
    return this.ssdp.port;
  }

  get habits(): Habits {
    return this.device.habits;
  }

  /** The ways to the internet; most gateways have one. */
  get connections(): readonly Connection[] {
    return this.device.connections;
  }

  /** The first way to the internet. */
  get connection(): Connection {
    const [first] = this.device.connections;
    if (!first) throw new Error('a gateway needs a connection');
    return first;
  }

  get pinholes(): Pinholes | null {
    return this.device.pinholes;
  }

  get identity(): IgdIdentity {
    return this.device.identity;
  }

  /** Another device from now on, or another name of it. */
  set identity(identity: IgdIdentity) {
    this.device.identity = identity;
  }

  /** Number of its starts, as searches are told. */
  get bootId(): number {
    return this.device.bootId;
  }

  /** Lets requests go wrong from now on. Gives what ends it. */
  misbehave(mischief: Mischief): () => void {
    return this.plan.add(mischief);
  }

  /** What `misbehave` has planned is off. */
  behave(): void {
    this.plan.clear();
  }

  /** Nothing is answered, and nothing carried out, until what this gives is called. Who went away meanwhile is forgotten. */
  hold(): () => void {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.held = held;
    return () => {
      if (this.held === held) this.held = null;
      release();
    };
  }

  /** Nothing answers any more over HTTP. */
  async powerOff(): Promise<void> {
    await this.web.down();
  }

  /** Starts anew, with an empty table. */
  async powerOn({ move = false, keep = false }: RebootOptions = {}): Promise<void> {
    if (!keep) this.device.restart();
    await (move ? this.web.move() : this.web.up());
  }

  /** Off and on again. */
  async reboot(options: RebootOptions = {}): Promise<void> {
    await this.powerOff();
    await this.powerOn(options);
  }

  /** The web server goes to another port, and nothing else changes. */
  async move(): Promise<void> {
    await this.web.move();
  }

  private async pause(): Promise<void> {
    const { delay } = this.faults;
    if (delay > 0) await new Promise<void>((resolve) => void this.clock.after(delay, resolve));
    await this.held;
  }
}
