import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WantedWire } from '../../agent/api/wire';
import { type MemoryKernel, memoryKernel } from '../../agent/kernel/memory';
import { type RunningAgent, startAgent } from '../../agent/start';
import { decodeState } from '../../agent/store/state';
import { agentCapabilities } from '../../provider/backends/agent/codec';
import { agentKind } from '../../provider/backends/agent/kind';
import type { Backend, Change } from '../../provider/backends/backend';
import { parseTag } from '../../provider/rule/identity';
import type { Forward } from '../../provider/rule/rule';
import { AgentProxy } from './agent-proxy';
import type { Device, Fault, Harness, RawEntry } from './harness';

const MANAGEMENT = 2222;

const signal: AbortSignal = new AbortController().signal;

/** The real agent over a table in memory, behind its real socket. */
export const agentHarness: Harness = {
  capabilities: agentCapabilities,
  generations: true,
  trials: false,
  ids: true,
  network: { hosts: ['192.168.50.10', '192.168.50.20'], host6: '2001:db8:50::10', wan: 'wan1' },
  managementPort: MANAGEMENT,
  // It has no logins that could expire: a token is the same for every request.
  faults: new Set<Fault['kind']>([
    'refuse',
    'lost-answer',
    'lost-request',
    'unchanged',
    'ignore-sources',
    'credential',
    'hang',
    'hold',
    'unreachable',
    'blocked',
  ]),
  // An entry's chain is named by its tag, so there cannot be two.
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
  ]),
  start: () => AgentDevice.start(),
};

class AgentDevice implements Device {
  readonly endpoint: string;
  private readonly clients: Backend[] = [];
  private readonly proxy: AgentProxy;
  private kernel: MemoryKernel = network();
  private agent: RunningAgent | null = null;
  private lives = 0;
  private handles = 0;

  private constructor(private readonly directory: string) {
    this.proxy = new AgentProxy(join(directory, 'proxy.sock'), join(directory, 'agent.sock'));
    this.endpoint = `agent:${this.proxy.socket}`;
  }

  static async start(): Promise<AgentDevice> {
    const device = new AgentDevice(mkdtempSync(join(tmpdir(), 'pf-')));
    await device.boot();
    await device.proxy.listen();
    return device;
  }

  connect(): Backend {
    return this.client(this.proxy.socket);
  }

  get reachedBy() {
    return { kind: 'agent', socket: this.proxy.socket };
  }

  async snapshot(): Promise<readonly RawEntry[]> {
    const { ours, foreign } = await this.kernel.read();
    const wanted = new Map(this.state().map((entry) => [entry.tag, entry]));
    const live = ours.map(({ tag, forward, restriction }) => {
      const description = wanted.get(tag)?.forward.description ?? '';
      wanted.delete(tag);
      return raw(tag, { forward: { ...forward, description }, restriction });
    });
    const absent = [...wanted.values()].map(({ tag, forward }) => raw(tag, { forward, restriction: null }));
    return [...live, ...absent, ...foreign.map((entry) => raw(entry.handle, entry))];
  }

  async addForeign(
    forward: Forward,
    { restriction = null }: { restriction?: string | null } = {},
  ): Promise<string> {
    this.handles += 1;
    const handle = `ip nat PREROUTING ${this.handles}`;
    this.kernel.tamper.addForeign({
      handle,
      forward: { ...forward, description: '' },
      restriction,
      label: ['dnat in table ip nat, chain PREROUTING', ...(restriction === null ? [] : [restriction])].join(
        ', ',
      ),
    });
    return handle;
  }

  async addOurs(tag: string, id: string, forward: Forward): Promise<string> {
    await this.directly({ op: 'add', wanted: { tag, id, forward, lease: null } });
    return tag;
  }

  async tamper(handle: string, change: Partial<Forward> & { readonly restriction?: string }): Promise<void> {
    const { restriction, description, ...forward } = change;
    const { tamper } = this.kernel;
    if (parseTag(handle) === null) {
      const old = tamper.foreign().find((entry) => entry.handle === handle);
      if (old === undefined) throw new Error(`no entry ${handle}`);
      const next = {
        ...old,
        forward: { ...old.forward, ...forward },
        restriction: restriction ?? old.restriction,
      };
      return tamper.addForeign(next);
    }
    // Texts are no matter of the kernel: only another client of the agent can change them.
    if (description !== undefined) await this.describe(handle, description);
    if (forward.enabled === false) return tamper.remove(handle);
    if (Object.keys(forward).length > 0) tamper.change(handle, forward);
    if (restriction !== undefined) tamper.restrict(handle, restriction);
  }

  /** By another client: an entry that leaves the kernel alone is drift, not gone. */
  async vanish(handle: string): Promise<void> {
    if (parseTag(handle) === null) return this.kernel.tamper.removeForeign(handle);
    const { entries } = await this.own().list([], signal);
    const before = entries.find((entry) => entry.handle === handle);
    if (before === undefined) throw new Error(`no entry ${handle}`);
    await this.directly({ op: 'remove', before });
  }

  async copy(): Promise<string> {
    throw new Error('an entry of the agent cannot be cloned with its tag');
  }

  log() {
    return this.proxy.log;
  }

  counts() {
    return { ...this.proxy.counts };
  }

  inject(fault: Fault): Promise<() => Promise<void>> {
    return this.proxy.inject(fault);
  }

  /** A reboot: the kernel's table is gone, the state is on the disk. */
  async restart(): Promise<void> {
    await this.agent?.stop();
    const foreign = this.kernel.tamper.foreign();
    this.kernel.tamper.flush();
    for (const entry of foreign) this.kernel.tamper.addForeign(entry);
    await this.boot();
  }

  async trialEnds(): Promise<void> {
    throw new Error('the agent has no trials');
  }

  async replace(): Promise<void> {
    await this.agent?.stop();
    this.kernel = network();
    this.lives += 1;
    await this.boot();
  }

  async stop(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.close()));
    await this.proxy.close();
    await this.agent?.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async boot(): Promise<void> {
    this.agent = await startAgent({
      kernel: this.kernel,
      socket: join(this.directory, 'agent.sock'),
      stateDir: this.stateDir,
      managementPorts: [MANAGEMENT],
      compareEvery: 0,
    });
  }

  private get stateDir(): string {
    return join(this.directory, `state-${this.lives}`);
  }

  private state(): readonly WantedWire[] {
    let text: string;
    try {
      text = readFileSync(join(this.stateDir, 'state.json'), 'utf8');
    } catch {
      // Nothing was ever wanted.
      return [];
    }
    const state = decodeState(text);
    if ('reason' in state) throw new Error(state.reason);
    return state.entries;
  }

  private own(): Backend {
    return this.client(join(this.directory, 'agent.sock'));
  }

  private async directly(change: Change): Promise<void> {
    const backend = this.own();
    const { generation } = await backend.list([], signal);
    const [result] = await backend.apply([change], { generation, signal });
    if (result?.status !== 'done') throw new Error(`the agent did not do it: ${JSON.stringify(result)}`);
  }

  private async describe(handle: string, description: string): Promise<void> {
    const entry = this.state().find(({ tag }) => tag === handle);
    const before = (await this.own().list([], signal)).entries.find((one) => one.handle === handle);
    if (entry === undefined || before === undefined) throw new Error(`no entry ${handle}`);
    const forward = { ...entry.forward, description };
    await this.directly({ op: 'edit', before, wanted: { ...entry, forward, lease: null } });
  }

  private client(socket: string): Backend {
    const backend = agentKind.connect({ socket, token: null });
    this.clients.push(backend);
    return backend;
  }
}

function network(): MemoryKernel {
  return memoryKernel({
    wans: [
      { name: 'wan0', addresses: ['198.51.100.1'] },
      { name: 'wan1', addresses: ['192.0.2.1'] },
    ],
  });
}

function raw(
  handle: string,
  { forward, restriction }: { readonly forward: Forward; readonly restriction: string | null },
): RawEntry {
  return { handle, tag: parseTag(handle)?.text ?? null, text: JSON.stringify({ forward, restriction }) };
}
