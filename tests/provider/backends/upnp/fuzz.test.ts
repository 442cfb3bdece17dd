import { readHandle } from '../../../../provider/backends/upnp/codec';
import { readDescription } from '../../../../provider/backends/upnp/description';
import { trustedLocation } from '../../../../provider/backends/upnp/location';
import { readMapping, UnreadableMapping } from '../../../../provider/backends/upnp/mapping';
import { readPinhole } from '../../../../provider/backends/upnp/pinhole';
import { readSoapAnswer } from '../../../../provider/backends/upnp/soap';
import { readAnswer } from '../../../../provider/backends/upnp/ssdp';
import { MalformedXml, parseXml } from '../../../../provider/backends/upnp/xml';
import { PortforwardError } from '../../../../provider/rule/error';
import { answerBody, faultBody, ScriptedGateway, ssdpAnswer } from './scripted';

/** Milliseconds for each target; PORTFORWARD_FUZZ_SECONDS makes it longer. */
const BOX = 1000 * Number(process.env.PORTFORWARD_FUZZ_SECONDS ?? 1.5);
/** Milliseconds that one input may take, on a machine that others use too. */
const SLOWEST = 2_000;
const SEED = Number(process.env.PORTFORWARD_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
console.log(`fuzz: PORTFORWARD_FUZZ_SEED=${SEED}`);

/** mulberry32: small, and the same everywhere. */
function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

const PIECES = [
  '<',
  '>',
  '</',
  '/>',
  '&',
  ';',
  '"',
  "'",
  '=',
  '\0',
  '\r\n',
  '\n',
  ' ',
  ':',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '<!DOCTYPE a [',
  '<!ENTITY x "y">',
  '&x;',
  '&#x41;',
  '&#99999999;',
  '&amp;',
  '<?xml version="1.0"?>',
  '<?',
  '?>',
  '<a>',
  '</a>',
  '<a b="c">',
  '<s:Envelope>',
  '</s:Body>',
  'xmlns:s="x"',
  '__proto__',
  'constructor',
  '\u202e',
  '\u001b[2J',
  'uuid:',
  'http://',
  '127.0.0.1',
  '99999999999',
  '-1',
  'LOCATION: ',
  '%00',
  '\uFEFF',
  '\uD800',
  'é',
];

/** Cuts, doubles, swaps and inserts, a few times. */
function mutate(text: string, roll: (sides: number) => number): string {
  let next = text;
  for (let times = roll(6) + 1; times > 0; times -= 1) {
    const at = roll(next.length + 1);
    const to = Math.min(next.length, at + roll(40));
    const piece = PIECES[roll(PIECES.length)] as string;
    switch (roll(6)) {
      case 0:
        next = next.slice(0, at) + next.slice(to);
        break;
      case 1:
        next = next.slice(0, to) + next.slice(at);
        break;
      case 2:
        next = next.slice(0, at) + piece + next.slice(at);
        break;
      case 3:
        next = next.slice(0, at) + String.fromCharCode(roll(256)) + next.slice(at + 1);
        break;
      case 4:
        next = next.slice(0, at);
        break;
      default:
        next = next.slice(0, at) + piece.repeat(roll(2_000)) + next.slice(at);
    }
  }
  return next.slice(0, 256 * 1024);
}

/** Throws what it is given many broken inputs; `fine` tells a refusal from a crash. Answers how many it was. */
function fuzz(
  seeds: readonly string[],
  run: (input: string) => void,
  fine: (error: unknown) => boolean,
): number {
  const roll = dice(SEED);
  const before = process.memoryUsage().heapUsed;
  const until = performance.now() + BOX;
  let count = 0;
  for (; performance.now() < until; count += 1) {
    const input = mutate(seeds[roll(seeds.length)] as string, roll);
    const began = performance.now();
    try {
      run(input);
    } catch (error) {
      if (!fine(error))
        throw new Error(`seed ${SEED}, input ${JSON.stringify(input.slice(0, 2000))}`, { cause: error });
    }
    const took = performance.now() - began;
    if (took > SLOWEST)
      throw new Error(`seed ${SEED}: ${took} ms for ${JSON.stringify(input.slice(0, 2000))}`);
  }
  globalThis.gc?.();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(256 * 1024 * 1024);
  return count;
}

let description: string;
beforeAll(async () => {
  const gateway = await ScriptedGateway.start({ pinholes: true });
  description = await (await fetch(gateway.url)).text();
  await gateway.stop();
});

const refusal = (error: unknown): boolean => error instanceof PortforwardError;

test('SSDP answers: read or passed over', () => {
  const seeds = [
    ssdpAnswer('http://127.0.0.1:1/d.xml', 'upnp:rootdevice', 'uuid:a'),
    'HTTP/1.1 200 OK\r\n\r\n',
  ];
  const count = fuzz(
    seeds,
    (input) => {
      const answer = readAnswer(Buffer.from(input, 'latin1'));
      if (!answer) return;
      const url = trustedLocation(answer.location, '127.0.0.1', []);
      if (url) expect(url.hostname).toBe('127.0.0.1');
      expect(answer.server).not.toMatch(/\p{Cc}/u);
    },
    () => false,
  );
  expect(count).toBeGreaterThan(100);
});

test('XML: read or refused', () => {
  const count = fuzz(
    [description, answerBody('A', { B: 'c' })],
    parseXml,
    (error) => error instanceof MalformedXml,
  );
  expect(count).toBeGreaterThan(50);
});

test('descriptions: read or refused, and never sent elsewhere', () => {
  const at = new URL('http://127.0.0.1:5000/d.xml');
  const count = fuzz(
    [description, description.replace('<device>', '<URLBase>http://127.0.0.1:1/</URLBase><device>')],
    (input) => {
      const read = readDescription(input, at);
      for (const { control } of [...(read?.connections ?? []), ...(read?.firewall ? [read.firewall] : [])])
        expect(control.hostname).toBe('127.0.0.1');
    },
    refusal,
  );
  expect(count).toBeGreaterThan(50);
});

test('SOAP answers: read or refused, and what is read is a mapping or none', () => {
  const outputs = {
    NewRemoteHost: '',
    NewExternalPort: '8443',
    NewProtocol: 'TCP',
    NewInternalPort: '443',
    NewInternalClient: '192.168.1.10',
    NewEnabled: '1',
    NewPortMappingDescription: 'a & b',
    NewLeaseDuration: '3600',
  };
  const count = fuzz(
    [answerBody('Get', outputs), faultBody(718, 'ConflictInMappingEntry')],
    (text) => {
      const answer = { status: 200, headers: {}, json: undefined, text, excerpt: text.slice(0, 2048) };
      const { externalPort, internalPort, protocol, lease } = readMapping(
        readSoapAnswer(answer, 'Get', 'The gateway'),
      );
      expect(
        [externalPort, internalPort].every((port) => Number.isInteger(port) && port >= 0 && port < 65_536),
      ).toBe(true);
      expect(['tcp', 'udp']).toContain(protocol);
      expect(lease).toBeGreaterThanOrEqual(0);
    },
    (error) => refusal(error) || error instanceof UnreadableMapping,
  );
  expect(count).toBeGreaterThan(50);
});

test('handles out of states: read or passed over', () => {
  const tag = `pf1_${'0'.repeat(16)}_${'a'.repeat(8)}_0`;
  const seeds = [
    'tcp:8443@203.0.113.7',
    `udp:1@* ${tag}`,
    `pinhole:1 tcp:8443->2001:db8::10@* ${tag} 1800000000 7`,
  ];
  fuzz(
    seeds,
    (input) => {
      const port = readHandle(input)?.key.externalPort ?? readPinhole(input)?.port ?? 1;
      expect(Number.isInteger(port)).toBe(true);
    },
    () => false,
  );
});
