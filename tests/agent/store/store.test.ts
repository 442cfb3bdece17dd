import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { State } from '../../../agent/store/state';
import { KEPT_GENERATIONS, Store } from '../../../agent/store/store';
import { describeWhere } from '../../support/needs';
import { cleanUp, temporary, wanted } from '../support/practice';

let directory: string;
let store: Store;

beforeEach(async () => {
  directory = join(temporary(), 'state');
  store = await Store.open(directory);
});

afterEach(async () => {
  store.close();
  await cleanUp();
});

async function load(): Promise<State> {
  const loaded = await store.load();
  if (loaded.kind === 'damaged') throw new Error(loaded.reason);
  return loaded.state;
}

async function next(port: number): Promise<State> {
  const before = await load();
  const { tag, id, forward } = wanted({ name: `p${port}`, externalPort: port });
  const after: State = {
    ...before,
    number: before.number + 1,
    entries: [...before.entries, { tag, id, forward }],
  };
  await store.writePending(after, before);
  return after;
}

async function commit(port: number): Promise<State> {
  const after = await next(port);
  await store.commit();
  return after;
}

describe('the store', () => {
  test('begins empty, in a directory that only its user may enter', async () => {
    expect((await load()).entries).toEqual([]);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  test('knows a batch that was not confirmed, until it is confirmed or dropped', async () => {
    const first = await next(1);
    expect(await store.load()).toMatchObject({ kind: 'ok', state: { entries: [] }, pending: first });
    await store.dropPending();
    expect(await store.load()).toMatchObject({ pending: null });
    const second = await commit(2);
    expect(await store.load()).toEqual({ kind: 'ok', state: second, pending: null });
    expect(statSync(join(directory, 'state.json')).mode & 0o777).toBe(0o600);
  });

  test('keeps the last ten generations, and no rubbish', async () => {
    for (let port = 1; port <= KEPT_GENERATIONS + 4; port += 1) await commit(port);
    const kept = (await store.generations()).map(({ number }) => number);
    expect(kept).toEqual([13, 12, 11, 10, 9, 8, 7, 6, 5, 4]);
    expect(readdirSync(directory).sort()).toEqual(['agent-id', 'generations', 'lock', 'state.json']);
  });

  test('calls a torn or vanished state damaged and leaves it as it is', async () => {
    await commit(1);
    await commit(2);
    const file = join(directory, 'state.json');
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, 100));
    const torn = readFileSync(file, 'utf8');
    expect(await store.load()).toMatchObject({ kind: 'damaged' });
    expect(readFileSync(file, 'utf8')).toBe(torn);
    execFileSync('rm', [file]);
    expect(await store.load()).toMatchObject({ kind: 'damaged', reason: expect.stringContaining('gone') });
  });

  test('makes an older generation current on the word of a person, under a new lineage and a number never used', async () => {
    for (const port of [1, 2, 3]) await commit(port);
    const before = await load();
    writeFileSync(join(directory, 'state.json'), 'rubbish');
    const back = await store.restoreGeneration(1, new Date('2026-01-02T03:04:05Z'));
    expect(back.entries).toHaveLength(1);
    expect(back.lineage).not.toBe(before.lineage);
    expect(back.number).toBeGreaterThan(before.number);
    expect(await load()).toEqual(back);
    expect(readFileSync(join(directory, 'state.json.replaced-2026-01-02T03-04-05-000Z'), 'utf8')).toBe(
      'rubbish',
    );
    await expect(store.restoreGeneration(99, new Date())).rejects.toMatchObject({
      hint: expect.stringContaining('Usable are'),
    });
    await commit(4);
    expect((await load()).entries).toHaveLength(2);
  });

  test('keeps all that was replaced apart, though the clock stands still or goes back', async () => {
    for (const port of [1, 2, 3]) await commit(port);
    const [then, before] = [new Date('2026-01-02T03:04:05Z'), new Date('2025-01-02T03:04:05Z')];
    const replaced = [await load()];
    for (const now of [then, then, before, then]) replaced.push(await store.restoreGeneration(1, now));
    const kept = readdirSync(directory).filter((name) => name.startsWith('state.json.'));
    expect(kept).toHaveLength(4);
    const states = kept.map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')).lineage);
    expect(states.sort()).toEqual(
      replaced
        .slice(0, 4)
        .map(({ lineage }) => lineage)
        .sort(),
    );
    expect(await load()).toEqual(replaced[4]);
  });

  test('does not confirm what it could not write', async () => {
    await commit(1);
    mkdirSync(join(directory, 'pending.json.tmp'));
    await expect(next(2)).rejects.toMatchObject({ summary: expect.stringContaining('nothing was changed') });
    expect((await load()).entries).toHaveLength(1);
  });

  test('is for one process, and free again when that one ends', async () => {
    await expect(Store.open(directory)).rejects.toMatchObject({ code: 'refused' });
    store.close();
    store = await Store.open(directory);
  });

  test('refuses a damaged identity rather than become another gateway', async () => {
    store.close();
    writeFileSync(join(directory, 'agent-id'), 'abc');
    await expect(Store.open(directory)).rejects.toMatchObject({
      summary: expect.stringContaining('identity'),
    });
    execFileSync('rm', [join(directory, 'agent-id')]);
    store = await Store.open(directory);
  });

  test('says in one sentence that its directory cannot be made', async () => {
    const file = join(temporary(), 'file');
    writeFileSync(file, '');
    await expect(Store.open(join(file, 'state'))).rejects.toMatchObject({
      code: 'refused',
      hint: expect.stringContaining('--state-dir'),
    });
  });
});

function missingForSmallDisk(): string | null {
  try {
    execFileSync('unshare', ['--mount', 'sh', '-c', 'mount -t tmpfs none /mnt'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'a small disk needs a mount namespace (root)';
  }
}

describeWhere(missingForSmallDisk(), 'a full disk', () => {
  test('refuses the batch with a sentence, and the state before it stays', () => {
    const place = temporary();
    const script = join(__dirname, '..', 'support', 'full-disk.js');
    const output = execFileSync(
      'unshare',
      [
        '--mount',
        'sh',
        '-c',
        `mount -t tmpfs -o size=128k none ${place} && exec node ${script} ${place}/state`,
      ],
      { encoding: 'utf8', cwd: join(__dirname, '..', '..', '..') },
    );
    const { message, before, after } = JSON.parse(output) as {
      message: string;
      before: number;
      after: number;
    };
    expect(message).toMatch(/disk .* is full; nothing was changed\. Make room/);
    expect(after).toBe(before);
    expect(before).toBeGreaterThan(0);
    expect(existsSync(join(place, 'state'))).toBe(false);
  }, 60_000);
});
