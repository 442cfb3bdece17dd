import type { Entry } from '../../../provider/backends/backend';
import { contentHash, makeTag, tagOf } from '../../../provider/rule/identity';
import { standing, tellCopies } from '../../../provider/session/ownership';
import { forward, OWNER } from './device';

const id = `${OWNER}/web`;

function entry(handle: string, port: number, more: Partial<Entry> = {}): Entry {
  return {
    handle,
    tag: makeTag(id, forward(port), 0),
    id,
    forward: forward(port),
    restriction: null,
    permanent: true,
    expires: null,
    label: 'line',
    changeable: true,
    blocked: null,
    ...more,
  };
}

test('whose an entry is', () => {
  const none = new Map<string, string>();
  expect(standing(entry('1', 80, { tag: null }), OWNER, none)).toEqual({ kind: 'foreign' });
  expect(standing(entry('1', 80, { tag: 'pf1_nonsense' }), OWNER, none)).toEqual({ kind: 'foreign' });
  expect(standing(entry('1', 80), OWNER, none)).toEqual({ kind: 'owned', mark: tagOf(id), id });
  expect(standing(entry('1', 80), 'shop/staging', none)).toEqual({
    kind: 'stranger',
    mark: tagOf(id),
    owner: OWNER,
  });
});

test('a readable id counts only if the tag fits it', () => {
  const forged = entry('1', 80, { tag: makeTag('shop/staging/web', forward(80), 0) });
  expect(standing(forged, OWNER, new Map())).toMatchObject({ kind: 'stranger', owner: null });
});

test('without a readable id, what this run has met is known', () => {
  const bare = entry('1', 80, { id: null });
  expect(standing(bare, OWNER, new Map())).toMatchObject({ kind: 'stranger', owner: null });
  expect(standing(bare, OWNER, new Map([[tagOf(id), id]]))).toMatchObject({ kind: 'owned', id });
});

describe('entries under one tag and part', () => {
  const contents = new Set([contentHash(forward(80))]);
  const original = entry('1', 80);
  const copy = entry('2', 81, { tag: original.tag });
  const drifted = entry('3', 82, { tag: original.tag });
  const left = entry('4', 83);

  test.each([
    ['one alone is the rule’s, changed by hand or not', [drifted], ['3']],
    ['of two the one with the recorded content', [original, copy], ['1']],
    ['what a crash left is as we wrote it', [original, left], ['1', '4']],
    ['two exact ones are both the rule’s', [original, entry('5', 80)], ['1', '5']],
    ['of two that nobody recorded none', [copy, drifted], []],
    [
      'another part is another group',
      [drifted, entry('6', 80, { tag: makeTag(id, forward(80), 1) })],
      ['3', '6'],
    ],
  ])('%s', (_, entries, mine) => {
    const own = tellCopies(entries, contents);
    expect(own.mine.map(({ handle }) => handle)).toEqual(mine);
    expect(own.copies).toHaveLength(entries.length - mine.length);
  });

  test('what an earlier round found to be the rule’s stays so', () => {
    const claimed = new Set([`3 ${drifted.tag}`]);
    expect(tellCopies([drifted, copy], contents, claimed).mine).toEqual([drifted]);
  });
});
