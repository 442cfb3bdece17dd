import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PortforwardError } from '../../provider/rule/error';
import type { Lab } from '../namespaces/lab';
import type { Host } from '../namespaces/network';
import type { RunResult } from '../namespaces/run';
import { labSupport } from '../namespaces/support';
import { missingTools } from '../namespaces/tools';
import {
  configuration,
  flushScript,
  layout,
  MINIUPNPD_URL,
  type MiniupnpdSettings,
  PUBLIC_ADDRESS,
  publicAddressCommands,
} from './miniupnpd-layout';

export interface MiniupnpdOptions {
  /** Whether it maps only to the address that asks. Default true. */
  readonly secure?: boolean;
  /** Whether it writes down what it has mapped. Default true. */
  readonly leaseFile?: boolean;
  /** Default: one that it takes for public. Null = only the lab's own, which it holds for none. */
  readonly publicAddress?: string | null;
  /** Pinholes too. Default true. */
  readonly ipv6?: boolean;
  /** Whether it calls itself version 1. Default false. */
  readonly version1?: boolean;
}

/** One line of `upnpc -l`. */
export interface UpnpcMapping {
  readonly protocol: string;
  readonly externalPort: number;
  readonly internalClient: string;
  readonly internalPort: number;
  readonly description: string;
  readonly remoteHost: string;
  /** Seconds left; 0 = for ever. */
  readonly lease: number;
}

/**
 * The real miniupnpd of Debian, running on the lab's gateway. It brings a firewall that lets in what it has mapped and nothing
 * else: beside it, forwards of the agent are blocked.
 */
export class LabMiniupnpd {
  /** URL of its description, for hosts of the LAN. */
  readonly url = MINIUPNPD_URL;
  /** Where the internet reaches it, by its own word; what is mapped is reached by the gateway's other addresses too. */
  readonly publicAddress = PUBLIC_ADDRESS;
  private child: ChildProcess | null = null;
  private output = '';

  private constructor(
    readonly lab: Lab,
    private readonly settings: MiniupnpdSettings,
    private readonly version1: boolean,
    private readonly directory: string,
  ) {}

  static async start(lab: Lab, options: MiniupnpdOptions = {}): Promise<LabMiniupnpd> {
    const directory = join(lab.directory, 'miniupnpd');
    mkdirSync(directory, { mode: 0o700, recursive: true });
    const settings = {
      secure: options.secure ?? true,
      leaseFile: (options.leaseFile ?? true) ? join(directory, 'leases') : null,
      publicAddress: options.publicAddress === undefined ? PUBLIC_ADDRESS : options.publicAddress,
      ipv6: options.ipv6 ?? true,
    };
    const daemon = new LabMiniupnpd(lab, settings, options.version1 ?? false, directory);
    await lab.nft(layout);
    for (const host of ['gateway', 'internet'] as const) await lab.exec(host, publicAddressCommands[host]);
    await daemon.up();
    return daemon;
  }

  /** The last that it wrote. */
  get log(): string {
    return this.output.slice(-KEPT);
  }

  /**
   * Ends it and waits. What it has mapped stays in the kernel, and in its lease file. Not by SIGTERM: when that comes just
   * before it falls asleep, it hears of it at its next notice, up to 30 s later (measured).
   */
  async stop(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    this.lab.endProcess(child, 'SIGKILL');
    await closed;
  }

  /** Off and on again. `forget` = without what it wrote down; `flush` = without what is in the kernel, as after a reboot. */
  async restart({ forget = false, flush = false } = {}): Promise<void> {
    await this.stop();
    if (forget && this.settings.leaseFile !== null) rmSync(this.settings.leaseFile, { force: true });
    if (flush) await this.flush();
    await this.up();
  }

  /** Takes everything out of the kernel behind its back: it still lists what forwards nothing any more. */
  async flush(): Promise<void> {
    await this.lab.nft(flushScript);
  }

  /** Runs miniupnp's own client on a host of the LAN. */
  upnpc(host: Host, ...args: readonly string[]): Promise<RunResult> {
    return this.lab.exec(host, ['upnpc', '-u', this.url, ...args]);
  }

  /** What `upnpc -l` shows on a host, in its order. */
  async list(host: Host): Promise<readonly UpnpcMapping[]> {
    const { code, stdout, stderr } = await this.upnpc(host, '-l');
    if (code !== 0) throw new PortforwardError('internal', `upnpc -l ended with ${code}: ${stderr}${stdout}`);
    return [...stdout.matchAll(LINE)].map((line) => {
      const [
        ,
        protocol = '',
        externalPort,
        internalClient = '',
        internalPort,
        description = '',
        remoteHost = '',
      ] = line;
      return {
        protocol,
        externalPort: Number(externalPort),
        internalClient,
        internalPort: Number(internalPort),
        description,
        remoteHost,
        lease: Number(line[7]),
      };
    });
  }

  private async up(): Promise<void> {
    const config = join(this.directory, 'miniupnpd.conf');
    writeFileSync(config, configuration(this.settings));
    // Its usual pid file would be taken for another instance's, also after its death.
    const pid = join(this.directory, 'pid');
    rmSync(pid, { force: true });
    const argv = ['miniupnpd', '-f', config, '-d', '-P', pid, ...(this.version1 ? ['-1'] : [])];
    const child = this.lab.spawn('gateway', argv);
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      let ready = false;
      const hear = (chunk: Buffer): void => {
        this.output += chunk.toString();
        // It says a line for each mapping at every call.
        if (this.output.length > 2 * KEPT) this.output = this.output.slice(-KEPT);
        if (ready || !this.output.includes('HTTP listening on port')) return;
        ready = true;
        resolve();
      };
      this.output = '';
      child.stdout?.on('data', hear);
      child.stderr?.on('data', hear);
      child.once('close', (code) =>
        reject(new PortforwardError('internal', `miniupnpd ended with status ${code}: ${this.log.trim()}`)),
      );
    });
  }
}

/** Why this machine cannot run it in the lab and look at it with miniupnp's own client, and what to do; or null. */
export function missingForMiniupnpd(): string | null {
  const support = labSupport();
  if (!support.supported) return support.reason;
  return missingTools('The practice UPnP router', { miniupnpd: 'miniupnpd-nftables', upnpc: 'miniupnpc' });
}

/** Characters of what it writes that are kept. */
const KEPT = 16_384;

/** ` 0 TCP  8080->192.168.50.10:8088  'name' '' 300` */
const LINE = /^ *\d+ (TCP|UDP) +(\d+)->([0-9.]+):(\d+) +'(.*)' '(.*)' (\d+)$/gm;
