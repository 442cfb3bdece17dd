import { decodePrivate, encodePrivate } from '../../../../provider/terraform/rpc/private-state';

const entry = { tag: 'pf1_0123456789abcdef_01234567_0', content: '01234567', handle: '7', permanent: true };

test('what is kept comes back', () => {
  for (const kept of [
    { entries: [] },
    { entries: [entry], renewalDue: '2026-01-01T00:00:00.000Z', unsettled: true, token: 'abc' } as const,
  ])
    expect(decodePrivate(encodePrivate(kept))).toEqual(kept);
});

test("the shape stands in users' states: version, entries and what else is there", () => {
  expect(JSON.parse(Buffer.from(encodePrivate({ entries: [entry] })).toString())).toEqual({
    v: 1,
    entries: [entry],
  });
});

test.each([
  ['nothing', ''],
  ['damage', '{"v":1,"entr'],
  ['another kind', '"text"'],
  ['null', 'null'],
  ['no entries', '{"v":1}'],
  ['wrong entries', '{"v":1,"entries":[{"tag":7}, null, "x"]}'],
])('%s is as good as none', (_what, text) => {
  expect(decodePrivate(Buffer.from(text))).toEqual({ entries: [] });
});

test('of a later version what is known is read', () => {
  const later = JSON.stringify({ v: 2, entries: [{ ...entry, colour: 'red' }], more: true });
  expect(decodePrivate(Buffer.from(later)).entries).toMatchObject([entry]);
});
