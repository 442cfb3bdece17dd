import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pinOf } from '../../../../provider/backends/http/trust';
import { openwrtKind } from '../../../../provider/backends/openwrt/kind';
import { cleanUp, failure, opened, PASSWORD, rule, sessionOn, signal, startRouter } from './practice';

afterEach(cleanUp);

const tls = { tls: true } as never;
const pin = (cert: string | undefined) => pinOf(new X509Certificate(cert ?? ''));

async function openWith(url: string, args: object) {
  const config = openwrtKind.parse({ url, username: 'pf', password: PASSWORD, ...args }, {});
  const backend = openwrtKind.connect(config);
  return backend.open(signal).finally(() => backend.close());
}

test('a pinned key is believed, and everything works over it', async () => {
  const router = await startRouter(tls);
  const session = sessionOn(router);
  const state = await session.create(rule('web', 8443));
  expect(await session.read(state)).toEqual(state);
});

test('an unknown certificate stops before a credential is sent', async () => {
  const router = await startRouter(tls);
  const error = await failure(openWith(router.url, {}));
  expect(error).toMatchObject({
    code: 'unreachable',
    hint: expect.stringContaining('portforward gateway trust'),
  });
  expect(router.counters.of('session.login')).toBe(0);
});

test('another key than the pinned one too, be it a reset or somebody in between', async () => {
  const router = await startRouter(tls);
  const other = await startRouter(tls);
  const backend = await opened(router);
  await backend.list([], signal);
  router.present(other.identity as never);
  await backend.close();
  router.counters.reset();
  const error = await failure(backend.open(signal));
  expect(error).toMatchObject({
    code: 'unreachable',
    message: expect.stringContaining(pin(other.identity?.cert)),
  });
  expect(router.counters.of('session.login')).toBe(0);
  // Two pins, so that the key can be changed.
  await openWith(router.url, { pins: [pin(router.identity?.cert), pin(other.identity?.cert)] });
});

test('a CA file is believed for the name it was made for', async () => {
  const router = await startRouter(tls);
  const directory = mkdtempSync(join(tmpdir(), 'pf-'));
  try {
    const caFile = join(directory, 'router.pem');
    writeFileSync(caFile, router.identity?.cert ?? '');
    const outcome = await openWith(router.url, { caFile }).catch((error) => error);
    if (outcome instanceof Error) expect(outcome.message).toContain('another name');
    else expect(outcome.product).toContain('OpenWrt');
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('whoever writes http where the router speaks https is told the address', async () => {
  const router = await startRouter({ ...(tls as object), redirectPlain: true });
  const error = await failure(openWith(router.plainUrl as string, {}));
  expect(error).toMatchObject({
    code: 'refused',
    message: expect.stringContaining('https://'),
    hint: expect.stringContaining('url'),
  });
  expect(router.counters.of('session.login')).toBe(0);
});

test('nobody there is told as that', async () => {
  const router = await startRouter();
  const { url } = router;
  await router.stop();
  expect(await failure(openWith(url, {}))).toMatchObject({
    code: 'unreachable',
    message: expect.stringContaining('Nobody listens'),
  });
});
