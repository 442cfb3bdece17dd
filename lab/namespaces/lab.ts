import type { ChildProcess, StdioOptions } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PortforwardError } from '../../provider/rule/error';
import { type AgentOptions, LabAgent } from './agent';
import { type FirewallVariant, firewallScript } from './firewall';
import type { Host } from './network';
import { endGroup, type RunOptions, type RunResult, runInside, spawnInside } from './run';
import { Station } from './station';
import { type Supervisor, startSupervisor } from './supervisor';
import { labSupport } from './support';

export interface LabOptions {
  /** What else filters on the gateway. Default `open`. */
  readonly firewall?: FirewallVariant;
}

/**
 * A practice network on this machine: `internet`, `gateway`, and the LAN hosts `server` and `desk`, in namespaces of
 * their own. Nothing of it is visible outside, and all of it is gone when this process ends, however it ends.
 *
 * @example
 * const lab = await Lab.start();
 * const agent = await lab.startAgent();
 * await lab.on('server').greet(443);
 * console.log(await lab.on('internet').tcp({ to: addresses.gateway.wan, port: 443 }));
 * await lab.stop();
 */
export class Lab {
  private readonly stations = new Map<Host, Station>();
  private readonly children = new Set<ChildProcess>();

  private constructor(
    /** A directory of this lab (0700) that all hosts see; removed with the lab. */
    readonly directory: string,
    private readonly supervisor: Supervisor,
  ) {}

  /** Builds the network. Throws `unsupported` with the reason where this machine cannot, see `labSupport`. */
  static async start(options: LabOptions = {}): Promise<Lab> {
    const supported = labSupport();
    if (!supported.supported) throw new PortforwardError('unsupported', supported.reason);
    const directory = mkdtempSync(join(commonPlace(), 'portforward-lab-'));
    const supervisor = await startSupervisor(directory, supported.rootless).catch((error) => {
      rmSync(directory, { recursive: true, force: true });
      throw error;
    });
    const lab = new Lab(directory, supervisor);
    try {
      await lab.firewall(options.firewall ?? 'open');
      return lab;
    } catch (error) {
      await lab.stop();
      throw error;
    }
  }

  /** Resolves when the lab has ended. */
  get ended(): Promise<void> {
    return this.supervisor.ended;
  }

  /** Arguments of `nsenter` that lead inside, for a shell. */
  get enter(): readonly string[] {
    return this.supervisor.enter;
  }

  /** Runs a command on a host to its end. A status other than 0 is an answer, not an error. */
  exec(host: Host, argv: readonly string[], options?: RunOptions): Promise<RunResult> {
    return runInside(this.supervisor.enter, host, argv, options);
  }

  /** Starts a command on a host. It ends with the lab; `endProcess` ends it earlier. */
  spawn(
    host: Host,
    argv: readonly string[],
    options: RunOptions & { stdio?: StdioOptions } = {},
  ): ChildProcess {
    const child = spawnInside(this.supervisor.enter, host, argv, options);
    this.children.add(child);
    child.once('close', () => this.children.delete(child));
    return child;
  }

  /** Signals a spawned command and all it started. */
  endProcess(child: ChildProcess, signal?: NodeJS.Signals): boolean {
    return endGroup(child, signal);
  }

  /** The station that serves and calls on a host; started at first use. */
  on(host: Host): Station {
    let station = this.stations.get(host);
    if (!station) {
      station = Station.start(this.supervisor.enter, host, this.directory);
      this.stations.set(host, station);
    }
    return station;
  }

  /** Ends what a station serves and the connections it holds. The next `on` starts afresh. */
  async clear(host: Host): Promise<void> {
    const station = this.stations.get(host);
    this.stations.delete(host);
    await station?.stop();
  }

  /** Runs an nft script on a host, as anybody with root there might. Throws `refused` with nft's words. */
  async nft(script: string, host: Host = 'gateway'): Promise<string> {
    // By file: a pipe of Node's is a socket, which nft 1.0.6 cannot open.
    const result = await this.exec(host, ['sh', '-c', 'cat > /run/script.nft && nft -f /run/script.nft'], {
      input: script,
    });
    if (result.code !== 0) throw new PortforwardError('refused', `nft refused: ${result.stderr.trim()}`);
    return result.stdout;
  }

  /** Puts another host firewall on the gateway. `debian` flushes the whole ruleset first, as its file does. */
  async firewall(variant: FirewallVariant): Promise<void> {
    await this.nft(firewallScript(variant));
  }

  /** Forgets every connection that the gateway tracks. */
  async forgetConnections(): Promise<void> {
    await this.exec('gateway', ['conntrack', '-F']);
  }

  /** Starts the real agent on the gateway, its socket in the common directory. */
  startAgent(options?: AgentOptions): Promise<LabAgent> {
    return LabAgent.start(this, options);
  }

  /** Ends everything inside and waits until it is gone. Safe to call twice. */
  async stop(): Promise<void> {
    await Promise.all([...this.stations.values()].map((station) => station.stop()));
    for (const child of this.children) endGroup(child, 'SIGTERM');
    await this.supervisor.stop();
  }
}

/**
 * Where temporary files may lie so that all hosts see them: not in /run, which is another one inside, and not so deep
 * that the path of a socket gets longer than 107 bytes (unix(7)).
 */
function commonPlace(): string {
  const place = tmpdir();
  return place.startsWith('/run/') || place.length > 50 ? '/tmp' : place;
}
