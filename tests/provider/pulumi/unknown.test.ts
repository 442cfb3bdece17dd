import { runtime } from '@pulumi/pulumi';
import { markUnknown, PULUMI_UNKNOWN } from '../../../provider/pulumi/unknown';
import { UNKNOWN } from '../../../provider/rule/rule';

test('the text for what is not known yet is the one that the SDK sends', () => {
  expect(PULUMI_UNKNOWN).toBe(runtime.unknownValue);
});

test('unknown values are marked at any depth, and nothing else is touched', () => {
  expect(
    markUnknown({
      a: PULUMI_UNKNOWN,
      b: ['10.0.0.0/8', PULUMI_UNKNOWN],
      c: { d: PULUMI_UNKNOWN },
      e: 0,
      f: null,
    }),
  ).toEqual({ a: UNKNOWN, b: ['10.0.0.0/8', UNKNOWN], c: { d: UNKNOWN }, e: 0, f: null });
  expect(markUnknown(`${PULUMI_UNKNOWN}x`)).toBe(`${PULUMI_UNKNOWN}x`);
});
