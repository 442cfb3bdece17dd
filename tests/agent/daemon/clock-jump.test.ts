import { request } from 'node:http';
import { TokenGate } from '../../../agent/server/token';
import type { Backend, Change } from '../../../provider/backends/backend';
import { cleanUp, Practice, signal, wanted } from '../support/practice';

const HOUR = 3_600_000;

let practice: Practice;
let backend: Backend;

beforeEach(async () => {
  // The date alone can be set; timers are the real ones.
  jest.useFakeTimers({
    doNotFake: [
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setInterval',
      'clearInterval',
      'setTimeout',
      'clearTimeout',
    ],
  });
  practice = await new Practice().start();
  backend = practice.connect();
});

afterEach(async () => {
  jest.useRealTimers();
  await practice.stop();
  await cleanUp();
});

async function apply(...changes: Change[]) {
  const { generation } = await backend.list([], signal);
  return backend.apply(changes, { generation, signal });
}

async function tags(): Promise<(string | null)[]> {
  return (await backend.list([], signal)).entries.map(({ tag }) => tag);
}

function add(externalPort: number): Change & { readonly op: 'add' } {
  return { op: 'add', wanted: wanted({ name: `p${externalPort}`, externalPort }) };
}

/** The HTTP status of one request. */
function ask(): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath: practice.socket, path: '/nothing', headers: { host: 'localhost' } });
    call.on('response', (reply) => resolve(reply.resume().statusCode ?? 0)).on('error', reject);
    call.end();
  });
}

describe.each([
  ['an hour back', -HOUR],
  ['a year forward', 365 * 24 * HOUR],
])('the date is set %s', (_name, jump) => {
  const setDate = () => void jest.setSystemTime(Date.now() + jump);

  test('between batches: generations count on, an old look is refused, and the newest are kept', async () => {
    const numbers: number[] = [];
    for (let port = 1; port <= 12; port += 1) {
      const { generation } = await backend.list([], signal);
      numbers.push(Number(generation?.split('-')[1]));
      await backend.apply([add(port)], { generation, signal });
      setDate();
      await expect(backend.apply([add(100)], { generation, signal })).rejects.toMatchObject({
        code: 'stale',
      });
    }
    expect(numbers).toEqual(numbers.map((_, index) => index));
    const { generations } = await practice.status();
    expect(generations.map(({ number }) => number)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
  });

  test('in the middle of a batch, and before a start: nothing is lost, doubled or taken for damaged', async () => {
    const [web, ssh] = [add(443), add(22222)];
    practice.kernel.tamper.hold(async () => setDate());
    await apply(web);
    await apply(ssh);
    practice.kernel.tamper.hold(null);
    const before = await backend.list([], signal);
    await practice.stop();
    setDate();
    await practice.start();
    expect(await backend.list([], signal)).toEqual(before);
    expect(await tags()).toEqual([web.wanted.tag, ssh.wanted.tag]);
    expect((await practice.status()).state).toBe('ok');
  });

  test('a foreign flush is mended at once', async () => {
    const web = add(443);
    await apply(web);
    setDate();
    const restored = new Promise<void>((resolve) => practice.kernel.tamper.afterRestore(resolve));
    practice.kernel.tamper.flush();
    await restored;
    expect(await tags()).toEqual([web.wanted.tag]);
  });

  test('requests pass as before, and a flood does not', async () => {
    await practice.stop();
    await practice.start({ tick: () => 0, now: () => new Date() });
    const statuses = new Set<number>();
    for (let round = 0; round < 21; round += 1) {
      setDate();
      for (const status of await Promise.all(Array.from({ length: 20 }, ask))) statuses.add(status);
      // 400 requests at once may come.
      expect([...statuses]).toEqual(round < 20 ? [404] : [404, 429]);
    }
  });

  test('who guessed the token ten times waits the rest of a minute, neither less nor more', () => {
    const gate = new TokenGate('t'.repeat(32));
    for (let guess = 0; guess < 10; guess += 1) expect(gate.check('Bearer wrong')).toBe('refused');
    setDate();
    const verdict = gate.check('Bearer wrong') as { readonly wait: number };
    expect(verdict.wait).toBeGreaterThan(0);
    expect(verdict.wait).toBeLessThanOrEqual(60);
  });
});
