import * as pulumi from '@pulumi/pulumi';
import { RuleSet } from '../../sdk/rule-set';
import { Verdict } from '../../sdk/verdict';

const HOST = '192.168.50.10';

/** What the promise of a rule ended with: null = it may be registered. */
async function ending(promise: Promise<void>): Promise<Error | null> {
  return promise.then(
    () => null,
    (error) => error,
  );
}

function add(set: RuleSet, name: string, inputs: Record<string, unknown>) {
  return ending(set.add(name, { name, internalAddress: HOST, ...inputs }));
}

test('rules that get along may be registered', async () => {
  const set = new RuleSet('home');
  const endings = [add(set, 'web', { externalPort: 443 }), add(set, 'ssh', { externalPort: 22 })];
  expect(await Promise.all(endings)).toEqual([null, null]);
});

test('all that is wrong in one turn is told in one error: properties, conflicts and namesakes, of every gateway', async () => {
  const verdict = new Verdict();
  const [home, office] = [new RuleSet('home', verdict), new RuleSet('office', verdict)];
  const endings = await Promise.all([
    add(home, 'good', { externalPort: 80 }),
    add(home, 'text', { externalPort: '80abc', internalAddress: '127.0.0.1' }),
    add(home, 'zero', { externalPort: pulumi.output(0) }),
    add(home, 'same', { externalPort: '80-90' }),
    add(home, 'text2', { name: 'text', externalPort: 5000 }),
    add(office, 'colour', { externalPort: 80, colour: 'red' }),
    add(office, 'fine', { externalPort: 443 }),
  ]);
  const [first, ...others] = endings;
  expect(first?.message.split('\n')).toEqual([
    expect.stringMatching(/^rule "text": externalPort: .*80abc/),
    expect.stringMatching(/^rule "text": internalAddress: .*127\.0\.0\.1/),
    expect.stringMatching(/^rule "colour": colour: .*not a property/),
    expect.stringMatching(/^rule "zero": externalPort: 0 is outside/),
    expect.stringMatching(/^2 rules of gateway "home" have the name "text"/),
    expect.stringMatching(/^rules "good" and "same" of gateway "home" conflict/),
  ]);
  expect(pulumi.RunError.isInstance(first)).toBe(true);
  for (const other of others) expect(other).toBe(first);
});

test('a logical name that is no rule name asks for `name`', async () => {
  const set = new RuleSet('home');
  expect(await add(set, 'web server', { externalPort: 443 })).toMatchObject({
    message: expect.stringMatching(
      /^rule "web server": name: .*web server.*give the rule a `name` of its own/,
    ),
  });
});

test('what is found wrong later is told by itself, and what was told before is not told twice', async () => {
  const set = new RuleSet('home');
  expect(await add(set, 'bad', { externalPort: 0 })).toMatchObject({
    message: expect.stringMatching(/^rule "bad": .*[^\n]$/),
  });
  let give = (_port: string) => {};
  const port = new Promise<string>((resolve) => {
    give = resolve;
  });
  const [later, good] = [
    add(set, 'later', { externalPort: port, description: 'told at once', lease: -1 }),
    add(set, 'last', { externalPort: port }),
  ];
  // The first is wrong whatever its port will be.
  expect(await later).toMatchObject({ message: expect.stringMatching(/^rule "later": lease: [^\n]*$/) });
  give('80abc');
  expect(await good).toMatchObject({ message: expect.stringMatching(/^rule "last": externalPort: [^\n]*$/) });
});

test('every conflict is told, in one error that all rules share', async () => {
  const set = new RuleSet('home');
  const endings = await Promise.all([
    add(set, 'a', { externalPort: 80 }),
    add(set, 'b', { externalPort: '70-90' }),
    add(set, 'c', { externalPort: 22 }),
    add(set, 'd', { externalPort: 22, sources: ['203.0.113.0/24'] }),
    add(set, 'alone', { externalPort: 5000 }),
  ]);
  const [first, ...others] = endings;
  expect(first?.message.split('\n')).toEqual([
    expect.stringMatching(/rules "a" and "b" of gateway "home" conflict: .*80/),
    expect.stringMatching(/rules "c" and "d" of gateway "home" conflict: .*22/),
  ]);
  expect(pulumi.RunError.isInstance(first)).toBe(true);
  for (const other of others) expect(other).toBe(first);
});

test('two rules with one name are told, whatever their ports', async () => {
  const set = new RuleSet('home');
  const endings = await Promise.all([
    ending(set.add('web', { name: 'web', externalPort: 80, internalAddress: HOST })),
    ending(set.add('www', { name: 'web', externalPort: 81, internalAddress: HOST })),
  ]);
  expect(endings[0]?.message).toMatch(/2 rules of gateway "home" have the name "web".*"web", "www"/);
});

test('disabled rules conflict with nothing', async () => {
  const set = new RuleSet('home');
  const endings = [add(set, 'a', { externalPort: 80 }), add(set, 'b', { externalPort: 80, enabled: false })];
  expect(await Promise.all(endings)).toEqual([null, null]);
});

test('Outputs are awaited, and take part in conflicts', async () => {
  const set = new RuleSet('home');
  const endings = await Promise.all([
    add(set, 'a', { externalPort: 80 }),
    add(set, 'b', { externalPort: pulumi.output(80) }),
    add(set, 'c', { externalPort: 80, enabled: Promise.resolve(true) }),
  ]);
  expect(endings[0]?.message.split('\n')).toHaveLength(3);
});

test('an Output that turns out wrong is told with its rule', async () => {
  const set = new RuleSet('home');
  expect(await add(set, 'web', { externalPort: pulumi.output('80abc') })).toMatchObject({
    message: expect.stringMatching(/rule "web": externalPort: .*80abc/),
  });
});

test('an Output that comes later is compared with the rules registered by then', async () => {
  const set = new RuleSet('home');
  expect(await add(set, 'a', { externalPort: 80 })).toBeNull();
  expect(await add(set, 'b', { externalPort: pulumi.output(80) })).toMatchObject({
    message: expect.stringContaining('rules "a" and "b"'),
  });
});

test('what stays unknown in a preview passes, what is known beside it is still checked', async () => {
  const set = new RuleSet('home');
  const unknown = pulumi.output(pulumi.unknown);
  expect(await add(set, 'a', { externalPort: 80, internalAddress: unknown })).toBeNull();
  expect(await add(set, 'b', { externalPort: 81, sources: ['10.0.0.0/8', unknown] })).toBeNull();
  // A description says nothing of what packets a rule takes.
  expect(await add(set, 'c', { externalPort: 443, description: unknown })).toBeNull();
  expect(await add(set, 'd', { externalPort: 443 })).toMatchObject({
    message: expect.stringContaining('rules "c" and "d"'),
  });
  expect(await add(set, 'e', { externalPort: 0, internalAddress: unknown })).toMatchObject({
    message: expect.stringMatching(/^rule "e": externalPort/),
  });
});

test('an unknown name takes part by its ports, a known name with unknown ports by its name', async () => {
  const unknown = pulumi.output(pulumi.unknown);
  const byPort = new RuleSet('home');
  const ports = [
    ending(byPort.add('a', { name: unknown, externalPort: 80, internalAddress: HOST })),
    add(byPort, 'b', { externalPort: 80 }),
  ];
  expect((await Promise.all(ports))[0]?.message).toContain('conflict');
  const byName = new RuleSet('home');
  const names = [
    ending(byName.add('a', { name: 'x', externalPort: unknown, internalAddress: HOST })),
    ending(byName.add('b', { name: 'x', externalPort: 80, internalAddress: HOST })),
  ];
  expect((await Promise.all(names))[0]?.message).toContain('have the name "x"');
});

test('a thousand rules are compared quickly', async () => {
  const set = new RuleSet('home');
  const begun = performance.now();
  const endings = Array.from({ length: 1000 }, (_, index) =>
    add(set, `r${index}`, { externalPort: 1000 + index, sources: ['203.0.113.0/24'] }),
  );
  expect((await Promise.all(endings)).every((one) => one === null)).toBe(true);
  // Compared once, this takes well under a second; once per rule, it would take minutes.
  expect(performance.now() - begun).toBeLessThan(10_000);
});
