import { PortforwardError } from '../../rule/error';
import type { ApplyOptions, Backend, Change, ChangeResult, GatewayInfo, Table, Trials } from '../backend';
import { chainsOf, readGrants } from './acl';
import { Applier } from './apply';
import { type Reply, UbusClient } from './client';
import { openwrtCapabilities } from './codec';
import type { OpenwrtConfig } from './config';
import { deviceCall, deviceId, productOf } from './device';
import { Login } from './login';
import { Looker } from './look';
import { managementPorts } from './management';
import { PACE, type Pace } from './pace';
import { problemsOf } from './problems';
import { Reader } from './reading';
import { lacksRights, missing } from './rights';
import { readSections } from './sections';
import { CONFIG } from './staging';
import { TRIAL_SECONDS, Trial, uci } from './trial';
import { readZones, type Zones } from './zones';

/** Milliseconds that reading or changing the table may take: somebody else's trial has to end first, and LuCI's lasts 90 s. */
const PATIENCE = 120_000;
/** Milliseconds for logging out, after which the login ends by itself. */
const LAST_WORDS = 10_000;

export class OpenwrtBackend implements Backend {
  readonly trials: Trials = {
    seconds: TRIAL_SECONDS,
    confirm: (signal) => this.trial.confirm(signal),
    rollback: (signal) => this.trial.rollback(signal),
  };
  private readonly client: UbusClient;
  private readonly login: Login;
  private readonly trial: Trial;
  private readonly reader: Reader;
  private readonly looker: Looker;
  private readonly applier: Applier;

  constructor(
    private readonly config: OpenwrtConfig,
    pace: Pace = PACE,
  ) {
    this.client = new UbusClient(config);
    this.login = new Login(this.client, config.username, config.password);
    this.trial = new Trial(this.login);
    this.reader = new Reader(this.login, this.trial, config.wanZones);
    this.looker = new Looker(this.login, this.trial, this.reader, pace);
    this.applier = new Applier(this.login, this.reader, this.looker, this.trial);
  }

  async open(signal: AbortSignal): Promise<GatewayInfo> {
    await this.login.ensure(signal);
    this.checkRights(null);
    const calls = [
      { object: 'system', method: 'board', args: {} },
      { object: 'network.interface', method: 'dump', args: {} },
      uci('get', CONFIG),
    ];
    const [board, dump, config] = await this.login.ask(calls, { signal, idempotent: true });
    const zones = readZones(dataOf(dump), readSections(dataOf(config)), this.config.wanZones);
    this.checkRights(zones);
    this.reader.know(zones);
    this.looker.begin(problemsOf(zones, this.config.username));
    const asking = deviceCall(zones);
    const [device] = asking ? await this.login.ask([asking], { signal, idempotent: true }) : [];
    const about = dataOf(board) ?? {};
    return {
      product: productOf(about),
      device: deviceId(device, about),
      capabilities: openwrtCapabilities,
      wans: zones.wan.map(({ name, addresses }) => ({ name, addresses })),
      lans: networksOf(zones),
      addresses: zones.all.flatMap(({ addresses }) => addresses),
      management: await managementPorts(this.config.target.url, zones),
      // Looks add what they could not prove.
      problems: this.looker.problems,
      patience: PATIENCE,
    };
  }

  list(_recorded: readonly string[], signal: AbortSignal): Promise<Table> {
    return this.looker.look(signal);
  }

  async apply(changes: readonly Change[], options: ApplyOptions): Promise<readonly ChangeResult[]> {
    return changes.length === 0 ? [] : this.applier.apply(changes, options);
  }

  async publicAddress(signal: AbortSignal): Promise<readonly string[]> {
    const call = { object: 'network.interface', method: 'dump', args: {} };
    const [dump, config] = await this.login.ask([call, uci('get', CONFIG)], { signal, idempotent: true });
    const zones = readZones(dataOf(dump), readSections(dataOf(config)), this.config.wanZones);
    return zones.wan.flatMap(({ addresses }) => addresses);
  }

  /** Takes back what is on trial, logs out. What cannot be told the router ends by its timers. */
  async close(): Promise<void> {
    const signal = AbortSignal.timeout(LAST_WORDS);
    await this.trial.rollback(signal).catch(() => undefined);
    await this.login.destroy(signal);
    await this.client.close();
  }

  /** What the account lacks for looking. The chains of the WAN zones are known only later. */
  private checkRights(zones: Zones | null): void {
    const { file = {}, ...grants } = readGrants(zones?.wan.map(({ name }) => name) ?? [], []);
    const chains = new Set(zones?.wan.flatMap(({ name }) => chainsOf(name)));
    const needed = Object.entries(file).filter(([line]) => chains.has(line.split(' ').at(-1) as string));
    const lines = missing(this.login.acls, { ...grants, file: Object.fromEntries(needed) }, 'read');
    if (lines.length > 0) throw lacksRights(this.login.acls, this.login.username, lines);
  }
}

/** What targets may lie in; null where the zones inside tell nothing. */
function networksOf({ lan }: Zones): readonly string[] | null {
  const networks = lan.flatMap((zone) => zone.networks);
  return networks.length > 0 ? networks : null;
}

function dataOf(reply: Reply | undefined): Readonly<Record<string, unknown>> | null {
  if (reply?.ok) return reply.data;
  throw new PortforwardError(
    'refused',
    `The router does not answer what it must be asked first: ${reply?.words ?? 'no reply'}.`,
  );
}
