import { machineClock, type SimulatorClock } from '../clock';
import { MischiefPlan } from '../mischief-plan';
import { ByHand } from './by-hand';
import { Counters } from './counters';
import { OpenWrtDevice } from './device';
import { type Faults, type Mischief, noFaults } from './faults';
import { FaultyGate } from './gate';
import { Front } from './http/front';
import { Rpc } from './http/rpc';
import { Uhttpd } from './http/uhttpd';
import { ownIdentity } from './identity';
import type { SimulatedInterface } from './network/interfaces';
import { usualBoard } from './network/system';
import type { OpenWrtOptions, TlsIdentity } from './options';
import { OtherApply, type OtherApplyOptions } from './other-apply';
import type { Grant } from './rpcd/acl';
import { withUnknownFields } from './unknown-fields';

/**
 * An OpenWrt router in this process, as seen over HTTP: uhttpd's `/ubus`, rpcd's sessions, rights and uci, netifd, and a
 * firewall that loads what it likes of its configuration, some time later, and can be looked at with nft. No packet ever
 * passes through it. `faults` and `misbehave` make it go wrong; `byHand` and `otherApply` are other people at work.
 */
export class OpenWrtSimulator {
  readonly faults: Faults = noFaults();
  readonly counters = new Counters();
  /** The parts of the router behind its web server, to look into. */
  readonly device: OpenWrtDevice;
  readonly byHand: ByHand;
  /** What it shows at first, where it serves HTTPS: the certificate is its own authority. */
  readonly identity: TlsIdentity | null;
  /** How often it has started anew. */
  reboots = 0;
  private readonly plan = new MischiefPlan<Mischief>();
  private readonly gate: FaultyGate;
  private readonly uhttpd: Uhttpd;
  private readonly clock: SimulatorClock;
  private away: Promise<void> = Promise.resolve();
  private comesBack = false;

  constructor(options: OpenWrtOptions = {}) {
    this.clock = options.clock ?? machineClock;
    this.device = new OpenWrtDevice(options);
    this.device.refuseLoginsWhile(() => this.faults.refuseLogins);
    this.byHand = new ByHand(this.device);
    this.gate = new FaultyGate(this.device, this.faults, this.plan, this.counters, () => this.startAnew());
    const front = new Front({
      rpc: new Rpc(this.device.bus, this.gate),
      counters: this.counters,
      plan: this.plan,
      run: (connection, answer) => this.gate.run(connection, answer),
      delay: () => this.pause(),
      dress: (answer) => (this.faults.unknownFields ? withUnknownFields(answer) : answer),
    });
    const { tls = true, redirectPlain = false, board } = options;
    this.identity = tls === true ? ownIdentity(board?.hostname ?? usualBoard.hostname) : tls || null;
    this.uhttpd = new Uhttpd({
      tls: this.identity,
      redirectPlain: redirectPlain && this.identity !== null,
      counters: this.counters,
      handle: (request, response, connection) => front.handle(request, response, connection),
    });
  }

  /** Listens; gives where, without the path. */
  async start(port = 0, host = '127.0.0.1'): Promise<string> {
    await this.uhttpd.listen(port, host);
    return this.uhttpd.url;
  }

  async stop(): Promise<void> {
    this.comesBack = false;
    await this.uhttpd.down();
  }

  get url(): string {
    return this.uhttpd.url;
  }

  /** The plain port that sends everybody to HTTPS, where there is one. */
  get plainUrl(): string | null {
    return this.uhttpd.plainUrl;
  }

  /** Lets calls go wrong from now on. */
  misbehave(mischief: Mischief): void {
    this.plan.add(mischief);
  }

  /** What `misbehave` has planned is off. */
  behave(): void {
    this.plan.clear();
  }

  /** Takes a right away: out of the files, and from everybody who is logged in. */
  dropGrant(grant: Grant): void {
    this.device.acl.strike(grant);
    this.device.sessions.revoke(grant);
  }

  /** All sessions end, and with each what it has staged. */
  expireSessions(): void {
    this.device.sessions.clear();
  }

  /** The same, just before the n-th call from now (1 = the next one) that is no login. */
  expireSessionsAtCall(n: number): void {
    this.gate.expireIn = n;
  }

  /** Somebody else applies a change, and does not confirm it yet. */
  otherApply(options: OtherApplyOptions = {}): OtherApply {
    return new OtherApply(this.device, options);
  }

  /** The time for confirming is over: what is pending is taken back now. */
  applyTimesOut(): void {
    this.device.pending.takeBack();
  }

  /** What is plugged in, and which addresses it has. The firewall learns of it with its next reload. */
  set interfaces(interfaces: readonly SimulatedInterface[]) {
    this.device.interfaces = interfaces;
  }

  get interfaces(): readonly SimulatedInterface[] {
    return this.device.interfaces;
  }

  /** Another certificate, as after a reset, or of somebody in between. */
  present(tls: TlsIdentity): void {
    this.uhttpd.present(tls);
  }

  /** Nothing answers any more. */
  async powerOff(): Promise<void> {
    await this.uhttpd.down();
  }

  /** Starts anew, on the same port. */
  async powerOn(): Promise<void> {
    this.device.restart();
    this.reboots += 1;
    await this.uhttpd.up();
  }

  /** Resolves when it answers again after a restart in the middle of a call. */
  back(): Promise<void> {
    return this.away;
  }

  /** Off and on again. An apply that nobody has confirmed stays: the timer that would take it back is gone. */
  async reboot(): Promise<void> {
    await this.powerOff();
    await this.powerOn();
  }

  private startAnew(): void {
    this.device.restart();
    this.reboots += 1;
    const { downtime } = this.faults;
    if (downtime <= 0) {
      this.uhttpd.cutAll();
      return;
    }
    const down = this.uhttpd.down();
    this.comesBack = true;
    this.away = new Promise((resolve, reject) => {
      this.clock.after(downtime, () => void down.then(() => this.comeBack()).then(resolve, reject));
    });
  }

  private async comeBack(): Promise<void> {
    if (this.comesBack) await this.uhttpd.up();
  }

  private pause(): Promise<void> {
    const { delay } = this.faults;
    return delay <= 0 ? Promise.resolve() : new Promise((resolve) => void this.clock.after(delay, resolve));
  }
}
