import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { credentials, type Metadata, type ServiceError } from '@grpc/grpc-js';
import { ResourceProviderClient } from '@pulumi/pulumi/proto/provider_grpc_pb';
import * as messages from '@pulumi/pulumi/proto/provider_pb';
import { Status } from '@pulumi/pulumi/proto/status_pb';
import { type JavaScriptValue, Struct } from 'google-protobuf/google/protobuf/struct_pb';
import { PROVIDER_TEXT } from '../../../sdk/constants';

export type Props = Record<string, unknown>;

/** What the engine records although the call failed. */
export interface Partial {
  readonly id: string;
  readonly properties: Props;
  readonly reasons: string[];
}

/** A failed call, with what came along. */
export class CallError extends Error {
  constructor(
    message: string,
    readonly partial: Partial | null,
  ) {
    super(message);
  }
}

/** Pulumi's own provider process, spoken to as its engine does: no CLI is needed. */
export class DynamicProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly client: ResourceProviderClient,
    private readonly written: string[],
  ) {}

  /** Starts it in the directory of a program, with the configuration of a Gateway (`portforward:…`). */
  static async start(directory: string, config: Props, env: NodeJS.ProcessEnv = {}): Promise<DynamicProcess> {
    const started = await DynamicProcess.launch(directory, env);
    await started.configure(config);
    return started;
  }

  static async launch(directory: string, env: NodeJS.ProcessEnv = {}): Promise<DynamicProcess> {
    const script = require.resolve('@pulumi/pulumi/cmd/dynamic-provider', { paths: [directory] });
    const child = spawn(process.execPath, [script, '127.0.0.1:1'], {
      cwd: directory,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const written: string[] = [];
    child.stderr?.on('data', (data) => written.push(String(data)));
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    const [port] = await Promise.race([
      once(lines, 'line'),
      once(child, 'exit').then(() => Promise.reject(new Error(`it ended: ${written.join('')}`))),
    ]);
    lines.on('line', (line) => written.push(`${line}\n`));
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
    return new DynamicProcess(child, client, written);
  }

  /** All that the process printed after its port. */
  get output(): string {
    return this.written.join('');
  }

  get pid(): number {
    return this.child.pid as number;
  }

  async configure(config: Props): Promise<void> {
    const request = new messages.ConfigureRequest();
    request.setArgs(struct(config));
    await call((done) => this.client.configure(request, done));
  }

  async check(olds: Props, news: Props): Promise<{ inputs: Props; failures: Record<string, string> }> {
    const request = new messages.CheckRequest();
    request.setOlds(struct(olds));
    request.setNews(struct(withText(news)));
    const reply = await call<messages.CheckResponse>((done) => this.client.check(request, done));
    const failures = reply.getFailuresList().map((one) => [one.getProperty(), one.getReason()]);
    return { inputs: plain(reply.getInputs()), failures: Object.fromEntries(failures) };
  }

  async diff(id: string, olds: Props, news: Props) {
    const request = new messages.DiffRequest();
    request.setId(id);
    request.setOlds(struct(olds));
    request.setNews(struct(withText(news)));
    const reply = await call<messages.DiffResponse>((done) => this.client.diff(request, done));
    const changes = ['unknown', 'none', 'some'][reply.getChanges()];
    return { changes, replaces: reply.getReplacesList(), deleteFirst: reply.getDeletebeforereplace() };
  }

  async create(news: Props): Promise<{ id: string; outs: Props }> {
    const request = new messages.CreateRequest();
    request.setProperties(struct(withText(news)));
    const reply = await call<messages.CreateResponse>((done) => this.client.create(request, done));
    return { id: reply.getId(), outs: plain(reply.getProperties()) };
  }

  /** `outs` null = nothing is known but the id, as when the engine imports. */
  async read(id: string, outs: Props | null): Promise<{ id: string; outs: Props; inputs: Props }> {
    const request = new messages.ReadRequest();
    request.setId(id);
    if (outs !== null) request.setProperties(struct(outs));
    const reply = await call<messages.ReadResponse>((done) => this.client.read(request, done));
    return { id: reply.getId(), outs: plain(reply.getProperties()), inputs: plain(reply.getInputs()) };
  }

  async update(id: string, olds: Props, news: Props): Promise<Props> {
    const request = new messages.UpdateRequest();
    request.setId(id);
    request.setOlds(struct(olds));
    request.setNews(struct(withText(news)));
    const reply = await call<messages.UpdateResponse>((done) => this.client.update(request, done));
    return plain(reply.getProperties());
  }

  async delete(id: string, outs: Props): Promise<void> {
    const request = new messages.DeleteRequest();
    request.setId(id);
    request.setProperties(struct(outs));
    await call((done) => this.client.delete(request, done));
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.client.close();
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    await ended;
  }
}

function withText(props: Props): Props {
  return { __provider: PROVIDER_TEXT, ...props };
}

function struct(props: Props): Struct {
  return Struct.fromJavaScript(props as Record<string, JavaScriptValue>);
}

function plain(value: Struct | undefined): Props {
  return (value?.toJavaScript() ?? {}) as Props;
}

function call<Reply>(start: (done: (error: ServiceError | null, reply: Reply) => void) => unknown) {
  return new Promise<Reply>((resolve, reject) => {
    start((error, reply) => (error === null ? resolve(reply) : reject(failed(error))));
  });
}

function failed(error: ServiceError): CallError {
  return new CallError(error.details, partialIn(error.metadata));
}

function partialIn(metadata: Metadata | undefined): Partial | null {
  const packed = metadata?.get('grpc-status-details-bin')[0];
  if (!(packed instanceof Buffer)) return null;
  const detail = Status.deserializeBinary(packed).getDetailsList()[0];
  if (detail === undefined) return null;
  const bytes = detail.getValue_asU8();
  const inner = messages.ErrorResourceInitFailed.deserializeBinary(bytes);
  return { id: inner.getId(), properties: plain(inner.getProperties()), reasons: inner.getReasonsList() };
}
