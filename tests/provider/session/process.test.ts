import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(__dirname, '../../..');

/** Runs a program in a process of its own; an unhandled rejection anywhere ends it with an error. */
async function program(body: string): Promise<string> {
  const text = `
    const { MemoryGateway } = require('./lab/simulators/memory/gateway');
    const { Session } = require('./provider/session/session');
    const gateway = new MemoryGateway();
    const options = { owner: 'shop/prod', gatewayName: 'router', endpoint: 'memory:test' };
    const session = new Session(gateway.connect(), options);
    const rule = (name, externalPort) => ({ name, externalPort, internalAddress: '192.168.1.10' });
    (async () => { ${body} })();
  `;
  const { stdout } = await run(
    process.execPath,
    ['--unhandled-rejections=strict', '-r', 'ts-node/register/transpile-only', '-e', text],
    { cwd: root, timeout: 100_000, env: { ...process.env, TS_NODE_TRANSPILE_ONLY: '1' } },
  );
  return stdout;
}

test('a session that nobody closed keeps no process alive, and one that is at work does', async () => {
  const out = await program(`
    const state = await session.create(rule('web', 8443));
    await session.update(state, rule('web', 8444));
    await session.read(state);
    console.log('done at ' + performance.now());
    process.on('exit', () => console.log('gone at ' + performance.now()));
  `);
  const [done, gone] = [...out.matchAll(/at ([0-9.]+)/g)].map(([, time]) => Number(time));
  expect((gone ?? Number.NaN) - (done ?? Number.NaN)).toBeLessThan(1_000);
}, 120_000);

test('nothing that fails or is given up on leaves a rejection that nobody hears', async () => {
  const out = await program(`
    const ends = (promise) => promise.then(() => 'ok', (error) => error.code);
    const stop = new AbortController();
    gateway.faults.delay = Infinity;
    const hanging = new Session(gateway.connect(), { ...options, timeout: 50 });
    const given = [session.create(rule('a', 1), stop.signal), session.list(stop.signal), session.create(rule('b', 2), stop.signal)];
    setTimeout(() => stop.abort(), 60);
    console.log((await Promise.all([...given, hanging.create(rule('c', 3)), hanging.list(), hanging.check(rule('d', 4), null)].map(ends))).join());
    gateway.faults.delay = 0;
    gateway.faults.unreachable = true;
    console.log((await Promise.all([session.create(rule('e', 5)), session.list(), session.info()].map(ends))).join());
    gateway.faults.unreachable = false;
    gateway.faults.refuseLogin = true;
    const refused = new Session(gateway.connect(), options);
    console.log((await Promise.all([refused.create(rule('f', 6)), refused.list(), refused.close()].map(ends))).join());
    await new Promise((resolve) => setTimeout(resolve, 50));
    console.log('end');
  `);
  expect(out.trim().split('\n')).toEqual([
    'cancelled,cancelled,cancelled,timeout,timeout,ok',
    'unreachable,unreachable,unreachable',
    'credential,credential,ok',
    'end',
  ]);
}, 120_000);
