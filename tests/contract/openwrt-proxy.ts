import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Counts, Fault, Operation } from './harness';

/** One call of a JSON-RPC request, as far as it matters here. */
interface Call {
  readonly name: string;
  readonly sid: string;
  args: Record<string, unknown>;
}

/** What all clients of one router have in common: the faults, and what is told of them. */
export class OpenwrtLedger {
  readonly counts: { -readonly [P in keyof Counts]: Counts[P] } = { logins: 0, lists: 0, applies: 0 };
  readonly log: Operation[] = [];
  readonly faults = new Set<Fault>();
  private readonly staged = new Map<string, Map<string, Operation['op']>>();
  private transactions = 0;

  /** True once per injected fault. */
  once(kind: Fault['kind']): boolean {
    const found = [...this.faults].find((fault) => fault.kind === kind);
    return found !== undefined && this.faults.delete(found);
  }

  has(kind: Fault['kind']): boolean {
    return [...this.faults].some((fault) => fault.kind === kind);
  }

  count(calls: readonly Call[]): void {
    const names = calls.map(({ name }) => name);
    if (names.includes('session.login')) this.counts.logins += 1;
    if (names.includes('network.interface.dump') && !names.includes('system.board')) this.counts.lists += 1;
    if (isLive(calls)) this.counts.applies += 1;
  }

  /** Notes what is staged, and tells it when it becomes live. */
  tell(calls: readonly Call[], codes: readonly (number | null)[]): void {
    for (const [index, { name, sid, args }] of calls.entries()) {
      if (codes[index] !== 0) continue;
      const staged = this.staged.get(sid) ?? new Map<string, Operation['op']>();
      this.staged.set(sid, staged);
      const section = String(args.section ?? args.name ?? '');
      if (name === 'uci.delete') staged.set(section, 'remove');
      if (name === 'uci.add') staged.set(section, staged.get(section) === 'remove' ? 'edit' : 'add');
      if (name === 'uci.rename') staged.set(String(args.name), 'edit');
      if (name === 'uci.set' && !staged.has(section)) staged.set(section, 'edit');
    }
    const [first] = calls;
    if (!first || !isLive(calls) || codes[0] !== 0) return;
    this.transactions += 1;
    for (const [section, op] of this.staged.get(first.sid) ?? []) {
      const trial = first.name === 'uci.apply';
      this.log.push({ op, tag: section, handle: section, transaction: this.transactions, trial });
    }
    this.staged.delete(first.sid);
  }
}

/** The one request that makes changes live: our client asks for the configuration with it. A look asks for more. */
function isLive(calls: readonly Call[]): boolean {
  return calls.length === 2 && ['uci.apply', 'uci.commit'].includes(calls[0]?.name ?? '');
}

export interface ProxyHooks {
  /** Where the router is. */
  url(): string;
  /** The router's own time for confirming is over. */
  trialEnds(): void;
  /** Whether a section takes this external port now. */
  takes(port: number): boolean;
}

/** Stands between one client of ours and the router, at a port of its own: counts, tells, and misbehaves on request. */
export class OpenwrtProxy {
  private server: Server | null = null;
  /** Those that listen no more, but whose connections live on. */
  private readonly old: Server[] = [];
  private port = 0;
  /** Whether this client's changes may have cut its own way. */
  private applied = false;
  private waiting: (() => void)[] = [];

  constructor(
    private readonly ledger: OpenwrtLedger,
    private readonly hooks: ProxyHooks,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async listen(): Promise<void> {
    if (this.server) return;
    const server = createServer((incoming, outgoing) => {
      this.handle(incoming, outgoing).catch(() => outgoing.destroy());
    });
    server.keepAliveTimeout = 60_000;
    this.server = server;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
  }

  /** Nothing answers any more; with `kept` the connections that are open live on. */
  async close(kept = false): Promise<void> {
    const { server } = this;
    this.server = null;
    if (!server) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    if (kept) return void this.old.push(server);
    server.closeAllConnections();
    await closed;
  }

  async end(): Promise<void> {
    for (const server of this.old.splice(0)) server.closeAllConnections();
    await this.close();
  }

  /** Follows the faults: who is cut off does not listen. */
  async follow(): Promise<void> {
    const faults = [...this.ledger.faults];
    const cut = faults.some((one) => one.kind === 'cut-way' && this.applied && this.hooks.takes(one.port));
    if (this.ledger.has('unreachable')) await this.close();
    else if (cut) await this.close(true);
    else await this.listen();
    if (!this.ledger.has('hang')) for (const go of this.waiting.splice(0)) go();
  }

  private async handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const requests = asList(JSON.parse(await text(incoming)));
    const calls = requests.map(callOf);
    const names = calls.map(({ name }) => name);
    this.ledger.count(calls);
    if (this.ledger.has('hang')) await new Promise<void>((resolve) => this.waiting.push(resolve));
    if (isLive(calls) && this.ledger.once('lost-request')) return void outgoing.destroy();
    if (names.includes('uci.confirm') && this.ledger.once('unheard-confirm')) return void outgoing.destroy();
    if (names.includes('uci.confirm') && this.ledger.once('late-confirm')) this.hooks.trialEnds();
    if (this.ledger.has('ignore-sources')) for (const { args } of calls) withoutSources(args);
    const lose = isLive(calls) && this.ledger.once('lost-answer');
    const reply = await this.forward(requests.length === 1 ? requests[0] : requests);
    this.ledger.tell(calls, codesOf(reply.body, calls.length));
    if (isLive(calls)) this.applied = true;
    await this.follow();
    if (lose) return void outgoing.destroy();
    outgoing.writeHead(reply.status, { 'content-type': 'application/json' });
    outgoing.end(reply.body);
  }

  private forward(body: unknown): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const call = request(`${this.hooks.url()}/ubus`, { method: 'POST', agent: false }, (response) => {
        text(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: answer }), reject);
      });
      call.on('error', reject);
      call.end(JSON.stringify(body));
    });
  }
}

function callOf(request: unknown): Call {
  const { params } = request as { params: [string, string, string, Record<string, unknown>] };
  return { name: `${params[1]}.${params[2]}`, sid: params[0], args: params[3] };
}

function withoutSources(args: Record<string, unknown>): void {
  const values = args.values as Record<string, unknown> | undefined;
  if (values) delete values.src_ip;
}

function codesOf(body: string, count: number): (number | null)[] {
  const replies = asList(JSON.parse(body));
  return Array.from({ length: count }, (_, index) => {
    const { result } = (replies[index] ?? {}) as { result?: unknown[] };
    return typeof result?.[0] === 'number' ? result[0] : null;
  });
}

function asList(json: unknown): unknown[] {
  return Array.isArray(json) ? json : [json];
}

async function text(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
