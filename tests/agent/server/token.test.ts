import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Rate } from '../../../agent/server/rate';
import { TokenGate } from '../../../agent/server/token';
import { cleanUp, Practice, signal, temporary } from '../support/practice';

const TOKEN = '0123456789abcdef0123456789abcdef';

afterEach(cleanUp);

describe('an agent with a token', () => {
  test('serves who knows it, refuses who does not, and says which', async () => {
    const tokenFile = join(temporary(), 'token');
    writeFileSync(tokenFile, `${TOKEN}\n`);
    const practice = await new Practice().start({ tokenFile });
    await expect(practice.connect().open(signal)).rejects.toMatchObject({
      code: 'credential',
      summary: 'This agent wants a token.',
    });
    const wrong = `${'x'.repeat(31)}y`;
    await expect(practice.connect(wrong).open(signal)).rejects.toMatchObject({
      code: 'credential',
      message: expect.not.stringContaining(wrong),
    });
    expect((await practice.connect(TOKEN).open(signal)).product).toContain('portforward-agent');
    await practice.stop();
  });

  test.each([
    ['is missing', null],
    ['is empty', ''],
    ['is too short', 'secret'],
    ['holds two words', `${TOKEN} ${TOKEN}`],
  ])('does not start when the file %s', async (_, content) => {
    const tokenFile = join(temporary(), 'token');
    if (content !== null) writeFileSync(tokenFile, content);
    await expect(new Practice().start({ tokenFile })).rejects.toMatchObject({
      code: 'refused',
      hint: expect.stringContaining('openssl rand'),
    });
  });
});

describe('the gate', () => {
  test('looks at no token for the rest of a minute after ten wrong ones', () => {
    let now = 0;
    const gate = new TokenGate(TOKEN, () => now);
    for (let round = 0; round < 10; round += 1) {
      expect(gate.check('Bearer wrong')).toBe('refused');
      now += 1000;
    }
    expect(gate.check(`Bearer ${TOKEN}`)).toEqual({ wait: 50 });
    now = 60_001;
    expect(gate.check(`Bearer ${TOKEN}`)).toBe('pass');
  });

  test.each(['', 'Bearer', 'Bearer ', `Basic ${TOKEN}`, TOKEN, `Bearer ${TOKEN}x`, `Bearer ${TOKEN} x`])(
    'refuses "%s"',
    (header) => {
      expect(new TokenGate(TOKEN).check(header)).toBe('refused');
    },
  );
});

test('the rate lets a burst pass, then as many as fit into the time', () => {
  let now = 0;
  const rate = new Rate(3, 2, () => now);
  expect([rate.take(), rate.take(), rate.take(), rate.take()]).toEqual([true, true, true, false]);
  now = 500;
  expect([rate.take(), rate.take()]).toEqual([true, false]);
});
