import type { Socket } from 'node:net';
import { deserialize, serialize } from 'node:v8';

/** What goes over the line, either way. */
export interface Question {
  readonly id: number;
  /** Null = the asker has given up. */
  readonly method: Method | null;
  readonly args: readonly unknown[];
}

export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: Complaint;
}

export interface Complaint {
  /** Of a PortforwardError; absent = something else broke. */
  readonly code?: string;
  readonly summary: string;
  readonly hint?: string | undefined;
  readonly property?: string | undefined;
  readonly retryable?: boolean;
}

export type Method = 'open' | 'list' | 'apply' | 'confirm' | 'rollback';

/** Bytes before each message, which tell its length. */
const HEAD = 4;

/** Sets and numbers that are no JSON arrive as they are. */
export function send(socket: Socket, message: Question | Answer): void {
  const body = serialize(message);
  const head = Buffer.alloc(HEAD);
  head.writeUInt32BE(body.length);
  socket.write(Buffer.concat([head, body]));
}

export function hear<T extends Question | Answer>(socket: Socket, receive: (message: T) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (data: Buffer) => {
    rest = Buffer.concat([rest, data]);
    while (rest.length >= HEAD && rest.length >= HEAD + rest.readUInt32BE()) {
      const end = HEAD + rest.readUInt32BE();
      receive(deserialize(rest.subarray(HEAD, end)) as T);
      rest = rest.subarray(end);
    }
  });
}
