import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Client,
  type ClientOptions,
  type ClientUnaryCall,
  credentials,
  makeGenericClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js';
import { pem } from '../../../../../provider/certificate/pem';
import { type Identity, selfSigned } from '../../../../../provider/certificate/self-signed';
import {
  controllerService,
  healthService,
  providerService,
  type ServiceDefinition,
} from '../../../../../provider/terraform/wire/definitions';

const root = join(__dirname, '..', '..', '..', '..', '..');

/** What runs the practice provider from its source: arguments of node. */
export const PROVIDER = [
  '--require',
  join(root, 'tests/agent/support/typescript.js'),
  join(__dirname, 'practice-provider.ts'),
];

/** What an engine puts into the environment of a plugin, without a certificate. */
export const ENGINE_ENV = {
  TF_PLUGIN_MAGIC_COOKIE: 'd602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2',
  PLUGIN_PROTOCOL_VERSIONS: '5,6',
};

/** Everything that these tests start or write, ended by `cleanUp`. */
const started: ChildProcess[] = [];
const clients: Client[] = [];
const directories: string[] = [];

export async function cleanUp(): Promise<void> {
  for (const client of clients.splice(0)) client.close();
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
}

/** A directory of its own, as long as wished. */
export function temporary(length = 0): string {
  const start = join(tmpdir(), 'pf-wire-');
  const directory = mkdtempSync(start.padEnd(length - 6, 'x'));
  directories.push(directory);
  return directory;
}

/** A running provider process and what it wrote. */
export class Started {
  readonly stdout: string[] = [];
  stderr = '';
  private readonly notesFile = join(temporary(), 'notes');
  readonly child: ChildProcess;
  private readonly closed: Promise<unknown>;

  constructor(argv: readonly string[], env: NodeJS.ProcessEnv) {
    writeFileSync(this.notesFile, '');
    this.child = spawn(process.execPath, argv, {
      env: { ...bare(), ...env, PRACTICE_NOTES: this.notesFile },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    started.push(this.child);
    this.closed = once(this.child, 'close');
    let rest = '';
    this.child.stdout?.on('data', (data) => {
      const lines = (rest + data).split('\n');
      rest = lines.pop() ?? '';
      this.stdout.push(...lines);
      this.child.emit('progress');
    });
    this.child.stderr?.on('data', (data) => {
      this.stderr += data;
      this.child.emit('progress');
    });
  }

  /** Waits until what it wrote satisfies the question; fails when it ends before. */
  async until(happened: () => boolean): Promise<void> {
    const end = this.closed.then(() => {
      if (!happened()) throw new Error(`it ended first: ${this.stdout.join('\n')}\n${this.stderr}`);
    });
    while (!happened()) await Promise.race([once(this.child, 'progress'), end]);
  }

  /** Its exit status once it has ended and all it wrote has arrived. */
  async ended(): Promise<number | null> {
    await this.closed;
    return this.child.exitCode;
  }

  /** Lines of its log. */
  get log(): Record<string, string>[] {
    return this.stderr
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }

  get notes(): string[] {
    return readFileSync(this.notesFile, 'utf8').split('\n').filter(Boolean);
  }
}

/** The environment of these tests, without what a surrounding engine or a user may have set. */
function bare(): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { ...(PATH ? { PATH } : {}), ...(HOME ? { HOME } : {}), TMPDIR: temporary() };
}

/** Starts the practice provider with exactly this environment, and a temporary directory of its own. */
export function start(args: readonly string[] = [], env: NodeJS.ProcessEnv = ENGINE_ENV): Started {
  return new Started([...PROVIDER, ...args], env);
}

type Method = (request: object, done: (error: ServiceError | null, reply: object) => void) => ClientUnaryCall;

/** Calls to one socket, with the names of our handlers. */
export class Caller {
  private readonly clients = new Map<ServiceDefinition, Client>();

  constructor(
    readonly socket: string,
    private readonly channel = credentials.createInsecure(),
  ) {}

  // biome-ignore lint/suspicious/noExplicitAny: replies are compared with what tests expect
  call(method: string, request: object = {}, service = providerService): Promise<any> {
    return this.begin(method, request, service).reply;
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above
  begin(method: string, request: object, service = providerService): { reply: Promise<any>; cancel(): void } {
    const client = this.client(service) as unknown as Record<string, Method>;
    let running: ClientUnaryCall | undefined;
    const reply = new Promise((resolve, reject) => {
      running = client[method]?.call(client, request, (error, answer) =>
        error === null ? resolve(answer) : reject(error),
      );
    });
    return { reply, cancel: () => running?.cancel() };
  }

  shutdown(): Promise<object> {
    return this.call('shutdown', {}, controllerService);
  }

  health(): Promise<object> {
    return this.call('check', { service: 'plugin' }, healthService);
  }

  client(service: ServiceDefinition): Client {
    const known = this.clients.get(service);
    if (known !== undefined) return known;
    const client = new (makeGenericClientConstructor(service, 'test'))(
      `unix:${this.socket}`,
      this.channel,
      OPTIONS,
    );
    clients.push(client);
    this.clients.set(service, client);
    return client;
  }
}

/** Every client has a connection of its own, as engines do; certificates are for `localhost`. */
const OPTIONS: ClientOptions = {
  'grpc.ssl_target_name_override': 'localhost',
  'grpc.default_authority': 'localhost',
  'grpc.use_local_subchannel_pool': 1,
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
};

/** The practice provider after a real handshake, with mutual TLS unless the environment brings no certificate. */
export class PracticeEngine extends Caller {
  private constructor(
    readonly started: Started,
    socket: string,
    /** What the provider showed, PEM; '' without TLS. */
    readonly certificate: string,
    identity: Identity,
  ) {
    super(
      socket,
      certificate === '' ? credentials.createInsecure() : clientCredentials(certificate, identity),
    );
  }

  static async start(env: NodeJS.ProcessEnv = {}, tls = true): Promise<PracticeEngine> {
    const identity = selfSigned();
    const cert = tls ? { PLUGIN_CLIENT_CERT: identity.certificatePem } : {};
    return PracticeEngine.greet(start([], { ...ENGINE_ENV, ...cert, ...env }), identity);
  }

  /** Shutdown as engines do it; its exit status. */
  async finish(): Promise<number | null> {
    await this.shutdown();
    return this.started.ended();
  }

  /** Reads the handshake of a process that was started elsewhere. */
  static async greet(process: Started, identity: Identity): Promise<PracticeEngine> {
    await process.until(() => process.stdout.length > 0);
    const [core, version, network, socket = '', kind, cert = ''] = (process.stdout[0] ?? '').split('|');
    expect([core, version, network, kind]).toEqual(['1', '6', 'unix', 'grpc']);
    expect(cert).not.toContain('=');
    const certificate = cert === '' ? '' : pem('CERTIFICATE', Buffer.from(cert, 'base64'));
    return new PracticeEngine(process, socket, certificate, identity);
  }
}

/** A client that trusts only the certificate of the handshake and shows its own. */
export function clientCredentials(server: string, { keyPem, certificatePem }: Identity) {
  return credentials.createSsl(Buffer.from(server), Buffer.from(keyPem), Buffer.from(certificatePem));
}
