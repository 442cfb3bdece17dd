import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { enabled } from '../../../agent/daemon/keeper';
import { Store } from '../../../agent/store/store';
import type { Backend, Change, Entry } from '../../../provider/backends/backend';
import { PortforwardError } from '../../../provider/rule/error';
import { cleanUp, Practice, signal, wanted } from '../support/practice';

let practice: Practice;
let backend: Backend;

beforeEach(async () => {
  practice = await new Practice().start();
  backend = practice.connect();
});

afterEach(async () => {
  await practice.stop();
  await cleanUp();
});

const tamper = () => practice.kernel.tamper;
const status = async () => backend.open(signal);
const entries = async () => (await backend.list([], signal)).entries;

async function apply(...changes: Change[]) {
  const { generation } = await backend.list([], signal);
  return backend.apply(changes, { generation, signal });
}

async function entry(): Promise<Entry> {
  const [first] = await entries();
  if (!first) throw new Error('no entry');
  return first;
}

const web = wanted({ name: 'web', description: 'kept in the state' });
const dns = wanted({ name: 'dns', protocol: 'udp', externalPort: 53 });

describe('a flush by another program', () => {
  beforeEach(async () => {
    await apply({ op: 'add', wanted: web }, { op: 'add', wanted: dns });
  });

  test('is mended at once, without anybody asking, and counted', async () => {
    const restored = new Promise<void>((resolve) => tamper().afterRestore(resolve));
    tamper().flush();
    await restored;
    expect((await practice.kernel.read()).ours).toHaveLength(2);
    expect(practice.lines).toContainEqual(expect.stringContaining('restored 2 entries'));
  });

  test('keeps the generation: nobody changed what is wanted', async () => {
    const { generation } = await backend.list([], signal);
    tamper().flush();
    expect((await backend.list([], signal)).generation).toBe(generation);
    expect(await entries()).toHaveLength(2);
  });

  test('in the middle of a batch is mended and the batch done', async () => {
    tamper().hold(async () => {
      tamper().hold(null);
      tamper().flush();
    });
    const more = wanted({ name: 'more', externalPort: 81 });
    expect(await apply({ op: 'add', wanted: more })).toMatchObject([{ status: 'done' }]);
    expect(await entries()).toHaveLength(3);
  });

  test('over and over ends with one sentence, not a loop, and with the forwards when it stops', async () => {
    tamper().afterRestore(() => tamper().flush());
    tamper().flush();
    await expect(entries()).rejects.toMatchObject({
      code: 'refused',
      summary: expect.stringContaining('as often as they are restored'),
    });
    const { problems } = await status();
    expect(problems).toMatchObject([{ code: 'ruleset-contested', fatal: true }]);
    tamper().afterRestore(null);
    expect(await entries()).toHaveLength(2);
    expect((await status()).problems).toEqual([]);
  });
});

describe('one entry changed by hand', () => {
  beforeEach(async () => {
    await apply({ op: 'add', wanted: web }, { op: 'add', wanted: dns });
    tamper().change(web.tag, { target: { kind: 'host', family: 4, address: '192.168.50.66' } });
  });

  test('is told as the kernel has it, under its tag, and left', async () => {
    expect(await entry()).toMatchObject({
      tag: web.tag,
      id: web.id,
      forward: { target: { address: '192.168.50.66' }, description: 'kept in the state' },
    });
    await practice.stop();
    await practice.start();
    expect((await entry()).forward.target).toMatchObject({ address: '192.168.50.66' });
  });

  test('is left by a batch that does not name it, and written afresh by one that does', async () => {
    await apply({ op: 'add', wanted: wanted({ name: 'other', externalPort: 81 }) });
    expect((await entry()).forward.target).toMatchObject({ address: '192.168.50.66' });
    expect(tamper().rewritten).toEqual([]);
    await apply({ op: 'edit', before: await entry(), wanted: web });
    expect(tamper().rewritten).toEqual([web.tag]);
    expect((await entry()).forward.target).toMatchObject({ address: '192.168.50.10' });
  });

  test('loses what was added to it by hand when it is written afresh', async () => {
    tamper().restrict(web.tag, 'a rate limit that no rule of ours has');
    expect((await entry()).restriction).toContain('rate limit');
    await apply({ op: 'edit', before: await entry(), wanted: web });
    expect((await entry()).restriction).toBeNull();
  });

  test('comes back as wanted when the whole table is flushed', async () => {
    tamper().flush();
    expect((await entry()).forward.target).toMatchObject({ address: '192.168.50.10' });
  });
});

describe('one entry removed by hand', () => {
  beforeEach(async () => {
    await apply({ op: 'add', wanted: web }, { op: 'add', wanted: dns });
    tamper().remove(web.tag);
  });

  test('reads as disabled, which is what packets find', async () => {
    const found = (await entries()).find(({ tag }) => tag === web.tag);
    expect(found).toMatchObject({
      id: web.id,
      forward: { enabled: false, description: 'kept in the state' },
    });
  });

  test('is not put back by a batch about another, and is by one that names it', async () => {
    await apply({ op: 'add', wanted: wanted({ name: 'other', externalPort: 81 }) });
    expect((await practice.kernel.read()).ours.map(({ tag }) => tag)).not.toContain(web.tag);
    const before = (await entries()).find(({ tag }) => tag === web.tag) as Entry;
    await apply({ op: 'edit', before, wanted: web });
    expect((await practice.kernel.read()).ours.map(({ tag }) => tag)).toContain(web.tag);
  });

  test('does not come back with the next start once its rule is deleted', async () => {
    const before = (await entries()).find(({ tag }) => tag === web.tag) as Entry;
    await apply({ op: 'remove', before });
    await practice.stop();
    tamper().flush();
    await practice.start();
    expect((await practice.kernel.read()).ours.map(({ tag }) => tag)).toEqual([dns.tag]);
  });
});

test('an entry under a tag of ours that nobody declared is told, and can be removed', async () => {
  tamper().add({ tag: web.tag, forward: web.forward });
  expect(await entry()).toMatchObject({ tag: web.tag, id: null });
  await apply({ op: 'remove', before: await entry() });
  expect((await practice.kernel.read()).ours).toEqual([]);
});

test('a default route that moves to another interface writes the table anew', async () => {
  await apply({ op: 'add', wanted: web });
  await status();
  const restored = new Promise<void>((resolve) => tamper().afterRestore(resolve));
  tamper().setFacts({ wans: [{ name: 'ppp0', addresses: ['198.51.100.9'] }] });
  await restored;
  expect(practice.lines).toContain('the WAN interfaces are now: ppp0');
});

describe('a start', () => {
  test('restores all after a reboot', async () => {
    await apply(
      { op: 'add', wanted: web },
      { op: 'add', wanted: { ...dns, forward: { ...dns.forward, enabled: false } } },
    );
    await practice.stop();
    tamper().flush();
    await practice.start();
    expect((await practice.kernel.read()).ours.map(({ tag }) => tag)).toEqual([web.tag]);
    expect(await entries()).toHaveLength(2);
    expect(practice.kernel.tamper.calls.restore).toBeGreaterThan(0);
  });

  test('loads a state that was put in place of an empty one, though the table is whole', async () => {
    await apply({ op: 'add', wanted: web });
    await practice.stop();
    await practice.kernel.restore([]);
    await practice.start();
    expect((await practice.kernel.read()).ours.map(({ tag }) => tag)).toEqual([web.tag]);
  });

  test('says what nft said when the table cannot be written', async () => {
    await practice.stop();
    tamper().flush();
    tamper().fail(
      'restore',
      new PortforwardError('denied', 'Operation not permitted.', { hint: 'Give CAP_NET_ADMIN.' }),
    );
    await expect(practice.start()).rejects.toMatchObject({ code: 'denied', hint: 'Give CAP_NET_ADMIN.' });
    // The failed start left nothing behind: the next one works.
    await practice.start();
    expect(await entries()).toEqual([]);
  });

  test('with a damaged state has no forwards, answers with the way out, and overwrites nothing', async () => {
    await apply({ op: 'add', wanted: web });
    await practice.stop();
    const file = join(practice.stateDir, 'state.json');
    writeFileSync(file, '{"torn');
    await practice.start();
    expect((await practice.kernel.read()).ours).toEqual([]);
    expect((await status()).problems).toMatchObject([
      { code: 'state-damaged', fatal: true, hint: expect.stringContaining('restore --generation') },
    ]);
    await expect(entries()).rejects.toMatchObject({
      code: 'refused',
      summary: expect.stringContaining('torn'),
    });
    await expect(
      backend.apply([{ op: 'add', wanted: web }], { generation: '00000000-0', signal }),
    ).rejects.toMatchObject({ code: 'refused' });
    expect(readFileSync(file, 'utf8')).toBe('{"torn');
  });

  test('keeps its identity, and shows it as the device', async () => {
    const { device } = await status();
    await practice.stop();
    await practice.start();
    expect((await status()).device).toBe(device);
    expect(device).toMatch(/^[0-9a-f]{32}$/);
  });

  test('refuses to share a state directory or a socket with a living agent', async () => {
    const other = new Practice(practice.kernel);
    await expect(other.start({ stateDir: practice.stateDir })).rejects.toMatchObject({
      summary: expect.stringContaining('Another portforward-agent uses'),
    });
    await expect(other.start({ socket: practice.socket })).rejects.toMatchObject({
      summary: expect.stringContaining('Another agent listens'),
    });
    expect((await status()).problems).toEqual([]);
  });
});

test('a batch that the kernel got and the state did not is taken back at the next start', async () => {
  await apply({ op: 'add', wanted: web });
  // As a kill -9 between the transaction and the rename leaves it.
  await practice.stop();
  const store = await Store.open(practice.stateDir);
  const loaded = await store.load();
  if (loaded.kind !== 'ok') throw new Error(loaded.reason);
  const { tag, id, forward } = dns;
  const next = {
    ...loaded.state,
    number: loaded.state.number + 1,
    entries: [...loaded.state.entries, { tag, id, forward }],
  };
  await store.writePending(next, loaded.state);
  store.close();
  await practice.kernel.apply(enabled(loaded.state.entries), enabled(next.entries), new Set());
  await practice.start();
  expect((await practice.kernel.read()).ours.map((live) => live.tag)).toEqual([web.tag]);
  expect(await apply({ op: 'add', wanted: dns })).toMatchObject([{ status: 'done' }]);
});

test('a client that gives up in the middle of a batch finds it done or not, never half', async () => {
  await apply({ op: 'add', wanted: web });
  let reached = () => {};
  const there = new Promise<void>((resolve) => {
    reached = resolve;
  });
  let open = () => {};
  tamper().hold(() => {
    reached();
    return new Promise<void>((resolve) => {
      open = resolve;
    });
  });
  const controller = new AbortController();
  const { generation } = await backend.list([], signal);
  const lost = backend.apply([{ op: 'add', wanted: dns }], { generation, signal: controller.signal });
  await there;
  controller.abort(new DOMException('deadline', 'TimeoutError'));
  await expect(lost).rejects.toMatchObject({ code: 'timeout' });
  tamper().hold(null);
  open();
  expect((await entries()).map(({ tag }) => tag)).toEqual([web.tag, dns.tag]);
});
