import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { BatchRequest, ChangeWire, EntriesReply } from '../../agent/api/wire';
import type { Counts, Fault, Operation } from './harness';

/**
 * Stands between our client and a real agent, on a socket of its own: counts, tells what was done, and misbehaves on
 * request as an agent or the way to it could.
 */
export class AgentProxy {
  readonly counts = { logins: 0, lists: 0, applies: 0 } satisfies Counts;
  readonly log: Operation[] = [];
  private readonly faults = new Set<Fault>();
  private readonly held = new Set<ServerResponse>();
  private readonly gates = new Map<Fault, { readonly go: () => void; readonly done: Promise<void> }>();
  private server: Server | null = null;
  private transactions = 0;

  constructor(
    readonly socket: string,
    private readonly agent: string,
  ) {}

  async listen(): Promise<void> {
    const server = createServer((incoming, outgoing) => {
      this.handle(incoming, outgoing).catch(() => outgoing.destroy());
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(this.socket, resolve));
  }

  async close(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (server === null) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  async inject(fault: Fault): Promise<() => Promise<void>> {
    this.faults.add(fault);
    if (fault.kind === 'unreachable') await this.close();
    return async () => {
      this.faults.delete(fault);
      for (const response of this.held) response.destroy();
      this.held.clear();
      const gate = this.gates.get(fault);
      this.gates.delete(fault);
      gate?.go();
      await gate?.done;
      if (fault.kind === 'unreachable') await this.listen();
    };
  }

  private async handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await text(incoming);
    const path = incoming.url ?? '';
    if (path.endsWith('/status')) this.counts.logins += 1;
    if (path.endsWith('/entries')) this.counts.lists += 1;
    if (this.has('hang')) {
      this.held.add(outgoing);
      return;
    }
    if (this.has('credential'))
      return say(outgoing, 401, { code: 'credential', message: 'The token is wrong.' });
    if (path.endsWith('/batch')) return this.gated(() => this.batch(incoming, body, outgoing));
    const reply = await this.ask(incoming, body);
    const blocked = this.all('blocked');
    if (path.endsWith('/entries') && blocked.length > 0 && reply.status === 200)
      return say(outgoing, 200, withBlocked(JSON.parse(reply.body) as EntriesReply, blocked));
    return say(outgoing, reply.status, reply.body);
  }

  /** Waits first where a fault says so; who lifts it waits until the change is made. */
  private async gated(work: () => Promise<void>): Promise<void> {
    const [fault] = this.all('hold');
    if (fault === undefined) return work();
    this.faults.delete(fault);
    let go = (): void => {};
    const lifted = new Promise<void>((resolve) => {
      go = resolve;
    });
    const done = lifted.then(work);
    this.gates.set(fault, { go, done });
    fault.reached();
    await done;
  }

  private async batch(incoming: IncomingMessage, body: string, outgoing: ServerResponse): Promise<void> {
    this.counts.applies += 1;
    const { changes } = JSON.parse(body) as BatchRequest;
    if (this.once('lost-request')) return void outgoing.destroy();
    const loseAnswer = this.once('lost-answer');
    for (const { port, message } of this.all('refuse')) {
      const index = changes.findIndex((change) => change.op !== 'remove' && takes(change, port));
      if (index >= 0) return say(outgoing, 422, { code: 'refused', message, index });
    }
    if (this.has('unchanged')) {
      const handles = changes.map((change) => (change.op === 'remove' ? null : change.wanted.tag));
      return say(outgoing, 200, { generation: 'unchanged', handles });
    }
    const sent = this.has('ignore-sources') ? JSON.stringify({ changes: changes.map(withoutSources) }) : body;
    const reply = await this.ask(incoming, sent);
    if (reply.status === 200) this.tell(changes);
    if (loseAnswer) return void outgoing.destroy();
    return say(outgoing, reply.status, reply.body);
  }

  private tell(changes: readonly ChangeWire[]): void {
    this.transactions += 1;
    const transaction = this.transactions;
    for (const change of changes) {
      const handle = change.op === 'add' ? change.wanted.tag : change.handle;
      this.log.push({ op: change.op, tag: handle, handle, transaction, trial: false });
    }
  }

  private ask(incoming: IncomingMessage, body: string): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const headers = { ...incoming.headers, connection: 'close' };
      if (body !== '') headers['content-length'] = String(Buffer.byteLength(body));
      const { method = 'GET', url = '/' } = incoming;
      const call = request({ socketPath: this.agent, method, path: url, headers }, (response) => {
        text(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: answer }), reject);
      });
      call.on('error', reject);
      call.end(body);
    });
  }

  private has(kind: Fault['kind']): boolean {
    return [...this.faults].some((fault) => fault.kind === kind);
  }

  private all<K extends Fault['kind']>(kind: K): Extract<Fault, { readonly kind: K }>[] {
    return [...this.faults].filter(
      (fault): fault is Extract<Fault, { readonly kind: K }> => fault.kind === kind,
    );
  }

  /** True once per injected fault. */
  private once(kind: Fault['kind']): boolean {
    const found = [...this.faults].find((fault) => fault.kind === kind);
    return found !== undefined && this.faults.delete(found);
  }
}

function takes(change: Extract<ChangeWire, { readonly op: 'add' | 'edit' }>, port: number): boolean {
  return covers(change.wanted.forward, port);
}

function covers(forward: EntriesReply['entries'][number]['forward'], port: number): boolean {
  return forward.traffic.some(({ ports }) => ports.some(({ from, to }) => from <= port && port <= to));
}

function withoutSources(change: ChangeWire): ChangeWire {
  if (change.op === 'remove') return change;
  return { ...change, wanted: { ...change.wanted, forward: { ...change.wanted.forward, sources: null } } };
}

function withBlocked(
  reply: EntriesReply,
  faults: readonly Extract<Fault, { readonly kind: 'blocked' }>[],
): EntriesReply {
  const entries = reply.entries.map((entry) => {
    const fault = faults.find(({ port }) => entry.tag !== null && covers(entry.forward, port));
    const blocked = fault
      ? { message: 'A firewall on the gateway drops it.', hint: fault.hint }
      : entry.blocked;
    return { ...entry, blocked };
  });
  return { ...reply, entries };
}

async function text(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function say(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'portforward-api': '1' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
