import { decode } from '../../../../provider/terraform/codec/decode';
import { encode, encodeSame } from '../../../../provider/terraform/codec/encode';
import { block, written } from './support';

const of = block({ name: 'string', seconds: 'number', sources: ['set', 'string'] });

test('what is as it came is sent back as it came', () => {
  const sent = written({ name: 'web', seconds: null, sources: ['203.0.113.0/24'] });
  expect(encodeSame(of, decode(of, sent), sent)).toBe(sent);
});

test('with a number it is written anew: engines want it as text, and send it as a number', () => {
  const sent = written({ name: 'web', seconds: 3600, sources: null });
  const values = decode(of, sent);
  expect(encodeSame(of, values, sent)).toEqual(encode(of, values));
  expect(Buffer.from(encodeSame(of, values, sent).msgpack).includes('3600')).toBe(true);
});

test('what came as nothing is nothing', () => {
  expect(encodeSame(of, null, null)).toEqual(encode(of, null));
});
