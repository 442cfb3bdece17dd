import { PortforwardError } from '../../../../provider/rule/error';
import { UNKNOWN } from '../../../../provider/rule/rule';
import { Calls, said } from './calls';

test('nothing is sent before it is needed', async () => {
  const calls = new Calls();
  await calls.configure();
  expect(calls.gateway.counts.logins).toBe(0);
});

test('the same configuration again forgets what was planned; another one is refused', async () => {
  const calls = new Calls();
  await calls.configure();
  await calls.plan({ name: 'a', external_port: '443' });
  expect(said(await calls.configure())).toEqual([]);
  expect((await calls.plan({ name: 'b', external_port: '443' })).said).toEqual([]);
  expect(said(await calls.configure({ name: 'office' }))).toEqual([
    expect.stringMatching(/^ERROR: This process serves one configuration of the provider/),
  ]);
  expect((await calls.plan({ name: 'c', external_port: '443' })).said).toEqual([
    expect.stringContaining('conflicts with rule "b"'),
  ]);
});

test('what is missing comes from the environment, and else is asked for', async () => {
  const missing = { kind: null, owner: null };
  expect(said(await new Calls().configure(missing))).toEqual([
    expect.stringMatching(/^ERROR kind: .*PORTFORWARD_KIND/),
  ]);
  expect(said(await new Calls({}, { env: { PORTFORWARD_KIND: 'memory' } }).configure(missing))).toEqual([
    expect.stringMatching(/^ERROR owner: .*PORTFORWARD_OWNER/),
  ]);
  const calls = new Calls({}, { env: { PORTFORWARD_KIND: 'memory', PORTFORWARD_OWNER: 'from/env' } });
  expect(said(await calls.configure(missing))).toEqual([]);
  expect((await calls.plan({ name: 'a', external_port: '1' })).attributes).toMatchObject({
    id: 'from/env/a',
  });
});

test('an unknown configuration opens nothing, and rules are compared with each other all the same', async () => {
  const calls = new Calls();
  await calls.configure({ place: UNKNOWN });
  const [a, b] = [
    { name: 'a', external_port: '443' },
    { name: 'b', external_port: '443' },
  ];
  expect((await calls.plan(a)).attributes).toMatchObject({ id: UNKNOWN, owner: UNKNOWN, endpoint: UNKNOWN });
  expect((await calls.plan(b)).said).toEqual([expect.stringContaining('conflicts with rule "a"')]);
  const kept = Buffer.alloc(0);
  const attributes = { ...b, id: 'home/b', owner: 'home' };
  const reads = [await calls.read({ attributes, kept }), await calls.read({ attributes, kept })];
  expect(reads.map((read) => read.said.length)).toEqual([1, 0]);
  expect(reads[0]?.attributes).toMatchObject(attributes);
  expect(calls.gateway.counts.logins).toBe(0);
});

test('a gateway that another configuration of the run has is refused', async () => {
  const asked: string[][] = [];
  const reserve = (...args: string[]) => {
    asked.push(args);
    throw new PortforwardError('conflict', 'Another one has it.');
  };
  const calls = new Calls({}, { reserve });
  expect(said(await calls.configure())).toEqual(['ERROR: Another one has it.']);
  expect(asked).toEqual([['home', 'memory:here', 'router']]);
});
