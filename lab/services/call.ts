import { createSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import type { Call, Reply } from './wire';

const DEFAULT_TIMEOUT = 5000;

/** A TCP connection of which nothing that the other side says is lost. */
export class Conversation {
  private readonly lines: string[] = [];
  private rest = '';
  private end: Reply | undefined;
  private wake: () => void = () => undefined;

  constructor(readonly socket: Socket) {
    socket.on('data', (data: Buffer) => {
      const parts = (this.rest + data.toString()).split('\n');
      this.rest = parts.pop() ?? '';
      this.lines.push(...parts);
      this.wake();
    });
    socket.on('error', (error) => this.finish({ ok: false, reason: reasonOf(error), text: error.message }));
    socket.on('close', () => this.finish({ ok: false, reason: 'closed', text: 'the other side closed' }));
  }

  static open(call: Call): Conversation {
    return new Conversation(
      connect({
        host: call.to,
        port: call.port,
        ...(call.from === undefined ? {} : { localAddress: call.from }),
        ...(call.fromPort === undefined ? {} : { localPort: call.fromPort }),
      }),
    );
  }

  /** The next line, or why none comes. One caller at a time. */
  async hear(timeout = DEFAULT_TIMEOUT): Promise<Reply> {
    let timer: NodeJS.Timeout | undefined;
    if (this.lines.length === 0 && this.end === undefined) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        timer = setTimeout(resolve, timeout);
      });
      clearTimeout(timer);
    }
    const text = this.lines.shift();
    if (text !== undefined) return { ok: true, text };
    return this.end ?? { ok: false, reason: 'silent', text: 'no answer' };
  }

  private finish(end: Reply): void {
    this.end ??= end;
    this.wake();
  }
}

/** Sends one datagram and waits for an answer. */
export function callUdp(call: Call & { readonly text?: string }): Promise<Reply> {
  return new Promise((resolve) => {
    const socket = createSocket(call.to.includes(':') ? 'udp6' : 'udp4');
    const done = (reply: Reply) => {
      clearTimeout(timer);
      socket.close();
      resolve(reply);
    };
    const timer = setTimeout(
      () => done({ ok: false, reason: 'silent', text: 'no answer' }),
      call.timeout ?? DEFAULT_TIMEOUT,
    );
    socket.on('message', (data) => done({ ok: true, text: data.toString() }));
    socket.on('error', (error) => done({ ok: false, reason: reasonOf(error), text: error.message }));
    socket.bind(call.fromPort ?? 0, call.from, () => {
      // Connected, so that an ICMP answer comes back as an error.
      socket.connect(call.port, call.to, () => socket.send(call.text ?? 'hello'));
    });
  });
}

function reasonOf(error: NodeJS.ErrnoException): 'refused' | 'closed' | 'unreachable' {
  if (error.code === 'ECONNREFUSED') return 'refused';
  if (error.code === 'ECONNRESET' || error.code === 'EPIPE') return 'closed';
  return 'unreachable';
}
