import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { listenPrivately } from '../../../../provider/terraform/wire/private-socket';
import { cleanUp, ENGINE_ENV, PracticeEngine, start, temporary } from './support/practice-engine';

afterEach(cleanUp);

test('the socket lies in a directory that nobody else may enter, and goes with the process', async () => {
  const place = temporary();
  const engine = await PracticeEngine.start({ TMPDIR: place });
  const directory = dirname(engine.socket);
  expect(dirname(directory)).toBe(place);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(await engine.finish()).toBe(0);
  expect(readdirSync(place)).toEqual([]);
});

test('the directory that the engine chose comes before the temporary one', async () => {
  const place = temporary();
  const engine = await PracticeEngine.start({ TMPDIR: temporary(), PLUGIN_UNIX_SOCKET_DIR: place });
  expect(dirname(dirname(engine.socket))).toBe(place);
});

test.each([120, 104, 250])(
  'a temporary directory of %i characters does not get in the way',
  async (length) => {
    const place = temporary(length);
    expect(place).toHaveLength(length);
    const engine = await PracticeEngine.start({ TMPDIR: place });
    expect(Buffer.byteLength(engine.socket)).toBeLessThanOrEqual(103);
    expect(statSync(dirname(engine.socket)).mode & 0o777).toBe(0o700);
    expect((await engine.call('getProviderSchema')).diagnostics).toEqual([]);
    expect(readdirSync(place)).toEqual([]);
    await engine.shutdown();
    await engine.started.ended();
    expect(existsSync(dirname(engine.socket))).toBe(false);
  },
);

test('paths that fit exactly are used, and not one byte more; letters of several bytes count as such', async () => {
  const used = async (directory: string) => {
    mkdirSync(directory, { recursive: true });
    const engine = await PracticeEngine.start({ TMPDIR: directory });
    expect((await engine.call('getProviderSchema')).diagnostics).toEqual([]);
    await engine.finish();
    return dirname(dirname(engine.socket)) === directory;
  };
  const place = temporary();
  const named = (bytes: number, letter: string) =>
    join(place, letter.repeat((bytes - Buffer.byteLength(place) - 1) / Buffer.byteLength(letter)));
  // 103 bytes less `/pf-XXXXXX/s`
  expect(await used(named(91, 'a'))).toBe(true);
  expect(await used(named(92, 'a'))).toBe(false);
  const room = 91 - Buffer.byteLength(place) - 1;
  const even = room % 2 === 0 ? 91 : 90;
  expect(await used(named(even, 'é'))).toBe(true);
  expect(await used(named(even + 2, 'é'))).toBe(false);
});

test('a directory that is missing, or whose name would spoil the handshake, is passed over', async () => {
  const spoiling = join(temporary(), 'a|b');
  mkdirSync(spoiling);
  for (const place of [join(temporary(), 'missing'), spoiling]) {
    const engine = await PracticeEngine.start({ TMPDIR: place });
    expect((await engine.call('getProviderSchema')).diagnostics).toEqual([]);
    await engine.finish();
  }
});

test('a crash leaves no directory behind', async () => {
  const place = temporary();
  const engine = await PracticeEngine.start({ TMPDIR: place });
  await expect(engine.call('readResource', { type_name: 'break' })).rejects.toBeTruthy();
  expect(await engine.started.ended()).toBe(1);
  expect(readdirSync(place)).toEqual([]);
  expect(engine.started.log.at(-1)).toMatchObject({
    '@level': 'error',
    '@message': 'The provider broke: nobody catches this',
  });
});

test('a refused start leaves none either', async () => {
  const place = temporary();
  const started = start([], { ...ENGINE_ENV, TMPDIR: place, PLUGIN_CLIENT_CERT: 'garbage' });
  expect(await started.ended()).toBe(1);
  expect(readdirSync(place)).toEqual([]);
});

test('a socket that cannot be had says where it was tried and what to do', async () => {
  const server = createServer();
  await listenPrivately(server, { PLUGIN_UNIX_SOCKET_DIR: temporary() });
  // A server listens at one place only, so the second time every place fails.
  await expect(listenPrivately(server, { PLUGIN_UNIX_SOCKET_DIR: '/missing' })).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringMatching(
      /no place for a private socket: \/missing .*\/tmp .*Set TMPDIR to a short/,
    ),
  });
  server.close();
});

test('Windows, where Node has no such sockets, is refused in words', async () => {
  await expect(listenPrivately(createServer(), {}, 'win32')).rejects.toMatchObject({
    code: 'unsupported',
    hint: 'Run the engine in WSL.',
  });
});
