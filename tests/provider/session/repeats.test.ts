import { PortforwardError } from '../../../provider/rule/error';
import { PartialFailure } from '../../../provider/session/failures';
import { Repeats } from '../../../provider/session/repeats';

const silent = (more: object = {}): PortforwardError =>
  new PortforwardError('unreachable', 'Nothing answers.', { hint: 'Is it on?', retryable: true, ...more });

let repeats: Repeats;
beforeEach(() => {
  repeats = new Repeats();
});
const say = (error: unknown, gateway = 'home'): string => (repeats.say(error, gateway) as Error).message;

test('the first rule hears all of it, by the name of the gateway; the others one line', () => {
  expect([say(silent()), say(silent()), say(silent())]).toEqual([
    'Gateway "home": Nothing answers. Is it on?',
    'Gateway "home": the same as for another rule.',
    'Gateway "home": the same as for another rule.',
  ]);
});

test('another failure, and another gateway, are told at length', () => {
  say(silent());
  expect(say(new PortforwardError('timeout', 'It took too long.', { hint: 'Wait.' }))).toBe(
    'Gateway "home": It took too long. Wait.',
  );
  expect(say(silent({ hint: 'Is the VPN up?' }), 'branch')).toBe(
    'Gateway "branch": Nothing answers. Is the VPN up?',
  );
});

test('what each rule hears of itself stays, and the step that all share is told once', () => {
  const lost = (name: string) =>
    new PortforwardError('timeout', `The change for rule "${name}" was sent, and nothing came back.`, {
      hint: 'Run again.',
    });
  expect([say(lost('web')), say(lost('dns'))]).toEqual([
    'Gateway "home": The change for rule "web" was sent, and nothing came back. Run again.',
    'Gateway "home": The change for rule "dns" was sent, and nothing came back. What to do is told with another rule.',
  ]);
});

test('a message that names the gateway names it once', () => {
  expect(say(new PortforwardError('unreachable', 'Gateway "home" sleeps.'))).toBe('Gateway "home" sleeps.');
});

test('code, property and retryable come along', () => {
  say(silent());
  expect(repeats.say(silent({ property: 'wan' }), 'home')).toMatchObject({
    code: 'unreachable',
    property: 'wan',
    retryable: true,
  });
});

test('failures of a rule, and bugs, pass as they are, however often', () => {
  const conflict = new PortforwardError('conflict', 'Two rules want tcp:443.', { hint: 'Change one.' });
  const bug = new TypeError('x is not a function');
  for (const error of [conflict, conflict, bug, bug]) expect(repeats.say(error, 'home')).toBe(error);
});

test('what must be recorded with a failure is not lost', () => {
  const partial = new PartialFailure('timeout', 'Lost.', { entries: [] } as never);
  expect(repeats.say(partial, 'home')).toBe(partial);
});
