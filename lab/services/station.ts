import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { refuseOutsideLab } from '../namespaces/guard';
import { Conversation, callUdp } from './call';
import { startEcho } from './echo';
import { fetchFile } from './fetch';
import { startFtp } from './ftp';
import { type Greeter, startGreeter } from './greeter';
import type { StationRequest } from './wire';

/** One process per host of the lab: serves and calls there what it is told on standard input. Ends with it. */
refuseOutsideLab();

const host = process.argv[2] ?? 'host';
const greeters = new Map<number, Greeter>();
const held = new Map<number, Conversation>();
const gone = { ok: false, reason: 'closed', text: 'the connection is gone' };
let count = 0;

async function answer(request: StationRequest): Promise<unknown> {
  switch (request.op) {
    case 'greet':
      greeters.set(request.port, await startGreeter(host, request.port, request.address));
      return null;
    case 'speak':
      greeters.get(request.port)?.speak(request.text);
      return null;
    case 'echo':
      await startEcho(host, request.port, request.address);
      return null;
    case 'ftp':
      await startFtp(request);
      return null;
    case 'silence':
      await new Promise<void>((resolve) => createServer().listen(request.port, '::', resolve));
      return null;
    case 'tcp': {
      const conversation = Conversation.open(request);
      const reply = await conversation.hear(request.timeout);
      if (!reply.ok || !request.hold) {
        conversation.socket.destroy();
        return reply;
      }
      held.set(++count, conversation);
      return { ...reply, connection: count };
    }
    case 'udp':
      return callUdp(request);
    case 'fetch':
      return fetchFile(request);
    case 'say': {
      const conversation = held.get(request.connection);
      conversation?.socket.write(`${request.text}\n`);
      return (await conversation?.hear(request.timeout)) ?? gone;
    }
    case 'hear':
      return (await held.get(request.connection)?.hear(request.timeout)) ?? gone;
    case 'drop':
      held.get(request.connection)?.socket.destroy();
      held.delete(request.connection);
      return null;
  }
}

const input = createInterface({ input: process.stdin });
input.on('line', (line) => {
  const { id, ...request } = JSON.parse(line) as StationRequest & { id: number };
  answer(request as StationRequest).then(
    (result) => process.stdout.write(`${JSON.stringify({ id, result })}\n`),
    (error: Error) => process.stdout.write(`${JSON.stringify({ id, error: error.message })}\n`),
  );
});
input.on('close', () => process.exit(0));
