import type { HttpAnswer } from '../../../../provider/backends/http/client';
import { readJson } from '../../../../provider/backends/http/read-json';

const answer = (text: string, json?: unknown): HttpAnswer => ({
  status: 200,
  headers: {},
  json,
  text,
  excerpt: text.slice(0, 2048),
});

test('JSON is JSON, false and null too', () => {
  for (const value of [{ a: 1 }, [], null, false, 0])
    expect(readJson(answer('x', value), 'the router')).toBe(value);
});

test.each<[string, string, string]>([
  [
    'a page with a title',
    '<!DOCTYPE html><html><head><title>\n Guest  login\n</title>',
    'the page "Guest login"',
  ],
  ['a page without one', '<html><body>hello', 'a page without a title'],
  ['nothing', '  \n', 'nothing'],
  ['a truncated object', '{"result":[0,{"val', 'broken JSON (18 characters)'],
  ['a text', 'Service\u0000 unavailable', 'the text "Service unavailable"'],
])('%s instead is told by its name', (_, text, words) => {
  expect(() => readJson(answer(text), 'the router at x')).toThrow(
    expect.objectContaining({
      code: 'refused',
      summary: `The router at x answered with ${words} instead of JSON (HTTP 200).`,
    }),
  );
});

test('a long text is not shown whole, and takes no time', () => {
  const began = performance.now();
  for (const text of ['<title '.repeat(500_000), 'x'.repeat(5_000_000), '<'.repeat(1_000_000)])
    try {
      readJson(answer(text), 'x');
    } catch (error) {
      expect(String(error).length).toBeLessThan(400);
    }
  expect(performance.now() - began).toBeLessThan(1_000);
});
