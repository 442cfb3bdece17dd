import fc from 'fast-check';
import { decodeState, encodeState, generationOf, type State } from '../../../agent/store/state';
import { wanted } from '../support/practice';

function state(count: number): State {
  const entries = Array.from({ length: count }, (_, index) => {
    const { tag, id, forward } = wanted({
      name: `r${index}`,
      externalPort: 1000 + index,
      description: 'ü "x"',
    });
    return { tag, id, forward };
  });
  return { lineage: '0123abcd', number: 7, at: '2026-11-25T00:00:00.000Z', entries };
}

const reasonOf = (text: string) => {
  const result = decodeState(text);
  return 'reason' in result ? result.reason : null;
};

describe('the state file', () => {
  test('reads back what was written', () => {
    expect(decodeState(encodeState(state(3)))).toEqual(state(3));
    expect(generationOf(state(0))).toBe('0123abcd-7');
  });

  test('cut off at any place is never taken for a state', () => {
    const text = encodeState(state(2));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: text.length - 2 }), (length) => {
        expect(reasonOf(text.slice(0, length))).not.toBeNull();
      }),
    );
  });

  test('with any one sign changed is never taken for another state', () => {
    const text = encodeState(state(2)).trim();
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: text.length - 1 }),
        fc.string({ minLength: 1, maxLength: 1 }),
        (at, sign) => {
          const changed = text.slice(0, at) + sign + text.slice(at + 1);
          const result = decodeState(changed);
          // The same meaning spelled otherwise (a space, an escape) is no damage.
          if (!('reason' in result)) expect(result).toEqual(state(2));
        },
      ),
    );
  });

  test('says what is wrong with it', () => {
    expect(reasonOf('')).toBe('it is empty');
    expect(reasonOf('{"for')).toContain('torn');
    expect(reasonOf('{"format":2}')).toContain('format 2');
    expect(reasonOf('{"format":1}')).toContain('shape');
    const twice = { ...state(1), entries: [...state(1).entries, ...state(1).entries] };
    expect(reasonOf(encodeState(twice))).toContain('twice');
  });

  test('survives any text without throwing', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void decodeState(text)));
  });
});
