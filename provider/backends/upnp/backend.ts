import { hasCode, PortforwardError } from '../../rule/error';
import { familyOf } from '../../rule/target';
import type { ApplyOptions, Backend, Change, ChangeResult, GatewayInfo, Problem, Table } from '../backend';
import { changeMapping } from './change';
import { readHandle } from './codec';
import type { UpnpConfig } from './config';
import { infoOf, type OpenGateway, openGateway } from './gateway';
import { Leases } from './leases';
import { keyText } from './mapping';
import { Marks } from './marks';
import { Pinholes } from './pinholes';
import type { SearchSurroundings } from './search';
import { isElsewhere } from './soap';
import { type Expected, expectedBy, readTable } from './table';
import { sizeOfTable, walkingTime } from './walk';

/** What else it needs; tests bring their own. */
export interface UpnpSurroundings extends SearchSurroundings {
  /** Milliseconds since 1970. Default: the system's. */
  readonly clock?: { wall(): number };
}

export function connectUpnp(config: UpnpConfig, surroundings: UpnpSurroundings = {}): Backend {
  return new UpnpBackend(config, surroundings);
}

class UpnpBackend implements Backend {
  private gateway: OpenGateway | null = null;
  private leases = new Leases();
  private marks = new Marks();
  private pinholes: Pinholes;
  /** What this process wrote, by key: of a mapping whose description the gateway cuts only this tells that it is ours. */
  private written = new Map<string, Expected>();
  private device: string | null = null;
  /** Of the gateway as a whole; grows while we learn. */
  private problems: Problem[] = [];
  /** About how many mappings there are. */
  private size = 0;

  constructor(
    private readonly config: UpnpConfig,
    private readonly surroundings: UpnpSurroundings,
  ) {
    this.pinholes = this.noPinholes();
  }

  async open(signal: AbortSignal): Promise<GatewayInfo> {
    const gateway = await this.enter(this.config, signal);
    if (gateway.udn !== this.device) this.forget();
    this.device = gateway.udn;
    this.size = await sizeOfTable(gateway.connection, signal);
    const info = infoOf(gateway, this.surroundings);
    this.problems = [...info.problems];
    const size = (): number => this.size;
    return {
      ...info,
      problems: this.problems,
      // Asked before every call: the table may have grown by our own hand.
      get patience() {
        return walkingTime(size());
      },
    };
  }

  list(recorded: readonly string[], signal: AbortSignal): Promise<Table> {
    return this.reaching(signal, async (gateway) => {
      const expected = new Map([...expectedBy(recorded), ...this.written]);
      const { entries, cut } = await readTable(gateway.connection, expected, signal);
      this.size = entries.length;
      if (cut && !this.problems.includes(CUT)) this.problems.push(CUT);
      const pinholes = await this.pinholes.list(recorded, gateway.pinholes, signal);
      return {
        generation: null,
        entries: [...entries, ...pinholes],
        ...(gateway.pinholes ? { complete: false } : {}),
      };
    });
  }

  async apply(changes: readonly Change[], { signal }: ApplyOptions): Promise<readonly ChangeResult[]> {
    const results: ChangeResult[] = [];
    for (const change of changes)
      results.push(await this.reaching(signal, (gateway) => this.change(change, gateway, signal)));
    return results;
  }

  async publicAddress(signal: AbortSignal): Promise<readonly string[]> {
    return this.reaching(signal, async ({ connection }) => {
      const address = await connection.externalAddress(signal);
      return address === '' ? [] : [address];
    });
  }

  async close(): Promise<void> {
    const { gateway } = this;
    this.gateway = null;
    await gateway?.close();
  }

  private async change(change: Change, gateway: OpenGateway, signal: AbortSignal): Promise<ChangeResult> {
    const { target } = (change.op === 'remove' ? change.before : change.wanted).forward;
    if (familyOf(target) === 6) return this.pinholes.change(change, gateway.pinholes, signal);
    const { connection, own } = gateway;
    const { leases, marks } = this;
    const result = await changeMapping(change, { connection, own, leases, marks, signal });
    if (result.status !== 'done') return result;
    if (change.op === 'add') this.size += 1;
    else this.written.delete(keyOf(change.before.handle));
    const read = change.op === 'remove' ? null : readHandle(result.handle ?? '');
    if (read && change.op !== 'remove')
      this.written.set(keyText(read.key), { key: read.key, tag: change.wanted.tag });
    return result;
  }

  /**
   * Runs with the gateway at hand. Where nothing was sent because it is no longer where it was (its port changes when it
   * restarts), it is searched for, and all of it runs once more.
   */
  private async reaching<T>(signal: AbortSignal, run: (gateway: OpenGateway) => Promise<T>): Promise<T> {
    const gateway = this.gateway ?? (await this.enter(this.config, signal));
    try {
      return await run(gateway);
    } catch (error) {
      if (signal.aborted || !(hasCode(error, 'unreachable') || isElsewhere(error))) throw error;
      const { udn } = gateway;
      const again = await this.enter({ ...this.config, udn: this.config.udn ?? udn }, signal);
      if (again.udn !== udn)
        throw new PortforwardError(
          'device',
          `Gateway ${udn} went away, and ${again.udn} answers in its place.`,
          {
            hint: 'Mend the way to the right one, then run again.',
          },
        );
      return run(again);
    }
  }

  private async enter(config: UpnpConfig, signal: AbortSignal): Promise<OpenGateway> {
    await this.close();
    this.gateway = await openGateway(config, this.surroundings, signal);
    return this.gateway;
  }

  /** Another gateway answers: what was learned of the old one says nothing of it. */
  private forget(): void {
    this.leases = new Leases();
    this.marks = new Marks();
    this.written = new Map();
    this.pinholes = this.noPinholes();
  }

  private noPinholes(): Pinholes {
    return new Pinholes(() => this.surroundings.clock?.wall() ?? Date.now());
  }
}

const CUT: Problem = {
  code: 'descriptions-cut',
  fatal: false,
  message: 'It cuts the descriptions of mappings, so ours are known only by what the state recorded.',
  hint: 'Without that state they look like anybody else’s; `adopt` takes one over then.',
};

/** The key alone: a handle may have a tag behind it. */
function keyOf(handle: string): string {
  const read = readHandle(handle);
  return read ? keyText(read.key) : handle;
}
