import { connect, type Socket } from 'node:net';
import { FTP_FILE } from './ftp';
import type { Call, Reply } from './wire';

/** One anonymous passive FTP transfer (RFC 959 PASV), by hand: a client has to follow the address it is told. */
export async function fetchFile(call: Call): Promise<Reply> {
  const control = open(call, call.to, call.port);
  try {
    const lines = replies(control);
    await expect(lines, 220);
    control.write('USER anonymous\r\n');
    await expect(lines, 331, 230);
    control.write('PASS guest@example.org\r\n');
    await expect(lines, 230, 202);
    control.write('PASV\r\n');
    const passive = /\((\d+),(\d+),(\d+),(\d+),(\d+),(\d+)\)/.exec(await expect(lines, 227));
    if (!passive) return { ok: false, reason: 'closed', text: 'no passive address' };
    const [a, b, c, d, high, low] = passive.slice(1).map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const data = open(call, `${a}.${b}.${c}.${d}`, high * 256 + low);
    const body = text(data);
    control.write(`RETR ${FTP_FILE}\r\n`);
    await expect(lines, 150, 125);
    const content = await body;
    await expect(lines, 226);
    return { ok: true, text: content };
  } catch (error) {
    return { ok: false, reason: 'closed', text: error instanceof Error ? error.message : String(error) };
  } finally {
    control.destroy();
  }
}

function open(call: Call, to: string, port: number): Socket {
  const socket = connect({ host: to, port, ...(call.from === undefined ? {} : { localAddress: call.from }) });
  socket.setTimeout(call.timeout ?? 5000, () => socket.destroy(new Error(`no answer from ${to}:${port}`)));
  return socket;
}

async function text(socket: Socket): Promise<string> {
  let all = '';
  for await (const chunk of socket) all += chunk;
  return all;
}

async function* replies(socket: Socket): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of socket) {
    const lines = (rest + chunk).split('\r\n');
    rest = lines.pop() ?? '';
    // "220-…" lines announce more to come (RFC 959 section 4.2).
    yield* lines.filter((line) => /^\d{3} /.test(line));
  }
}

async function expect(lines: AsyncGenerator<string>, ...codes: number[]): Promise<string> {
  const { value } = await lines.next();
  if (typeof value !== 'string' || !codes.includes(Number(value.slice(0, 3)))) {
    throw new Error(`expected ${codes.join(' or ')}, got ${value ?? 'the end'}`);
  }
  return value;
}
