import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import fc from 'fast-check';
import { OpenwrtBackend } from '../../../../provider/backends/openwrt/backend';
import { openwrtKind } from '../../../../provider/backends/openwrt/kind';
import { PACE } from '../../../../provider/backends/openwrt/pace';
import { PortforwardError } from '../../../../provider/rule/error';
import { adding, cleanUp, startRouter } from './practice';

/** How long each of them may go on: it is for surprises, not for coverage. Milliseconds. */
const TIME_BOX = 4_000;

const servers: Server[] = [];

afterEach(async () => {
  await cleanUp();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** Answers every request as the function says. */
async function serve(answer: (body: string) => Promise<string> | string): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk) => chunks.push(chunk));
    incoming.on('end', async () => outgoing.end(await answer(Buffer.concat(chunks).toString())));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Over a connection of its own: a kept one may be closed by the router just as it is used again. */
function ask(url: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', agent: false }, (incoming) => resolve(textOf(incoming)));
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

/** Logs in, looks and writes; whatever comes back, it ends in time, and with an error of ours or none. */
async function go(url: string): Promise<void> {
  const config = openwrtKind.parse({ url, username: 'pf', password: 'x' }, {});
  const pace = { ...PACE, busy: 20, reload: 20, grace: 20, first: 5 };
  const backend = new OpenwrtBackend(config, pace);
  const signal = AbortSignal.timeout(5_000);
  try {
    await backend.open(signal);
    const { generation } = await backend.list([], signal);
    await backend.apply([adding(8443)], { generation, trial: true, signal });
    await backend.list([], signal);
    await backend.trials.confirm(signal);
  } catch (error) {
    if (!(error instanceof PortforwardError)) throw error;
    expect(error.message).not.toContain('undefined');
  } finally {
    await backend.close();
  }
}

const sid = 'a'.repeat(32);
const json = fc.jsonValue({ maxDepth: 4 });
const login = json.map((acls) => [0, { ubus_rpc_session: sid, timeout: 700, acls }]);
const result = fc.oneof(
  json,
  login,
  fc.tuple(fc.constantFrom(0, 2, 4, 5, 6, 8, 9, 99, -1), json),
  json.map((values) => [0, { values }]),
  json.map((one) => [0, { interface: [one] }]),
  fc.string().map((stdout) => [0, { code: 0, stdout }]),
);

test('random JSON in place of every answer', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          json,
          result.map((one) => ({ result: one })),
        ),
        { minLength: 1 },
      ),
      async (answers) => {
        let at = 0;
        const next = () => answers[at++ % answers.length];
        const url = await serve((body) => {
          const asked = JSON.parse(body);
          return JSON.stringify(Array.isArray(asked) ? asked.map(next) : next());
        });
        await go(url);
      },
    ),
    { interruptAfterTimeLimit: TIME_BOX, numRuns: 100_000, markInterruptAsFailure: false },
  );
});

test('true answers with something of them changed', async () => {
  const router = await startRouter();
  router.byHand.add('redirect', {
    name: 'Mine',
    src: 'wan',
    dest: 'lan',
    proto: 'tcp',
    src_dport: '80',
    dest_ip: '192.168.1.9',
  });
  const edits = fc.array(
    fc.record({
      at: fc.nat({ max: 5_000 }),
      cut: fc.nat({ max: 40 }),
      put: fc.oneof(
        fc.string({ maxLength: 8 }),
        fc.constantFrom('{', '}', '"', 'null', '1e999', '\\u0000', '[[[['),
      ),
    }),
    { minLength: 1, maxLength: 3 },
  );
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 6 }), edits, async (spoiled, changes) => {
      let asked = 0;
      const url = await serve(async (body) => {
        let text = await ask(`${router.url}/ubus`, body);
        if (asked++ !== spoiled) return text;
        for (const { at, cut, put } of changes) {
          const place = at % (text.length + 1);
          text = text.slice(0, place) + put + text.slice(place + cut);
        }
        return text;
      });
      await go(url);
    }),
    { interruptAfterTimeLimit: TIME_BOX, numRuns: 100_000, markInterruptAsFailure: false },
  );
});

test('hostile answers do not make it grow', async () => {
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  const wide = JSON.stringify({
    result: [
      0,
      { values: Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`s${index}`, {}])) },
    ],
  });
  for (const text of [
    deep,
    wide,
    `{"result":[0,{"ubus_rpc_session":"${sid}","__proto__":{"polluted":1}}]}`,
  ]) {
    await go(await serve(() => text));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  }
});
