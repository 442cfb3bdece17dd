import { Calls, NOTHING } from './calls';

const web = (external_port: string, more: object = {}) => ({ name: 'web', external_port, ...more });

let calls: Calls;
beforeEach(async () => {
  calls = new Calls();
  await calls.configure();
});
afterEach(() => calls.close());

const ports = () => calls.gateway.records.map(({ forward }) => forward.traffic[0]?.ports[0]?.from);

test('create, update, read and delete, with what is kept beside the state', async () => {
  const made = await calls.make(web('443'));
  expect(made.attributes).toMatchObject({ id: 'home/web', device: expect.stringMatching(/^memory-/) });
  expect(JSON.parse(Buffer.from(made.kept).toString())).toMatchObject({
    v: 1,
    entries: [{ permanent: true }],
  });
  const changed = await calls.make(web('444'), made);
  expect(await calls.read(changed)).toEqual({ ...changed, said: [] });
  expect(ports()).toEqual([444]);
  const gone = await calls.make(null, changed);
  expect([gone.attributes, gone.said]).toEqual([null, []]);
  expect(ports()).toEqual([]);
});

test('a failed create records nothing, a failed update what was', async () => {
  calls.gateway.faults.refuse.set(443, 'no');
  const failed = await calls.make(web('443'));
  expect([failed.attributes, failed.said]).toEqual([null, [expect.stringContaining('refused')]]);
  const made = await calls.make(web('80'));
  const kept = await calls.make(web('443'), made);
  expect(kept.attributes).toEqual(made.attributes);
  expect(Buffer.from(kept.kept)).toEqual(Buffer.from(made.kept));
});

test('a create and a delete of one id: whichever comes first, the rule stays', async () => {
  const made = await calls.make(web('443'));
  for (const order of ['create first', 'delete first']) {
    const process = new Calls(calls.gateway);
    await process.configure();
    await process.read(made);
    const [create, drop] = [await process.plan(web('443')), await process.plan(null, made)];
    expect([...create.said, ...drop.said]).toEqual([]);
    const steps = [() => process.apply(create), () => process.apply(drop, made)];
    if (order === 'delete first') steps.reverse();
    // Both run at once, as an engine has it.
    const answers = await Promise.all(steps.map((step) => step()));
    expect(answers.flatMap(({ said }) => said)).toEqual([]);
    expect(ports()).toEqual([443]);
  }
});

test('a delete goes on when the create under its id fails', async () => {
  const made = await calls.make(web('443'));
  await calls.configure();
  const plan = await calls.plan(web('443'), made);
  calls.gateway.faults.refuse.set(443, 'no');
  const other = { ...plan, attributes: { ...plan.attributes, internal_address: '192.168.1.66' } };
  const [create, drop] = await Promise.all([
    calls.apply(other),
    calls.apply({ ...NOTHING, said: [], replaces: [] }, made),
  ]);
  expect(create.said).toHaveLength(1);
  expect([drop.attributes, drop.said]).toEqual([null, []]);
  expect(ports()).toEqual([]);
});

test('Ctrl-C: what was sent is finished and recorded, what was not begun is not, nor anything later', async () => {
  const [first, second] = [
    await calls.plan(web('443')),
    await calls.plan({ name: 'b', external_port: '80' }),
  ];
  const sent = new Promise<void>((resolve) => {
    calls.gateway.faults.beforeApply = resolve;
  });
  calls.gateway.faults.delay = 20;
  const running = calls.apply(first);
  await sent;
  const waiting = calls.apply(second);
  calls.stop();
  expect(await running).toMatchObject({ attributes: { id: 'home/web' }, said: [] });
  expect(await waiting).toMatchObject({
    attributes: null,
    said: ['ERROR: Cancelled before anything was sent to the gateway.'],
  });
  expect((await calls.apply(second)).said).toHaveLength(1);
  expect(ports()).toEqual([443]);
});

describe('a rule that lost its port in a write', () => {
  const taker = { name: 'new', external_port: '443' };

  test('is told of when nothing more is heard of it', async () => {
    await calls.make(web('443'));
    const process = new Calls(calls.gateway);
    await process.configure();
    const plan = await process.plan(taker);
    const { said } = await process.apply(plan);
    expect(said).toEqual([
      expect.stringMatching(/^WARNING: Rule "web" had tcp:443 .* and loses it to rule "new"\./),
    ]);
  });

  test('is not told of when it moves or goes right after', async () => {
    const made = await calls.make(web('443'));
    const process = new Calls(calls.gateway);
    await process.configure();
    await process.read(made);
    const [create, drop] = await Promise.all([process.plan(taker), process.plan(null, made)]);
    const apply = new Calls(calls.gateway);
    await apply.configure();
    const first = apply.apply(create);
    const second = first.then(() => undefined);
    const answers = await Promise.all([first, apply.apply(drop, made), second]);
    expect(answers.flatMap((answer) => answer?.said ?? [])).toEqual([]);
    expect(ports()).toEqual([443]);
  });
});
