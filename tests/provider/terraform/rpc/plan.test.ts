import { terse } from '../../../../lab/simulators/memory/kinds';
import { normalise } from '../../../../provider/rule/normalise';
import { UNKNOWN } from '../../../../provider/rule/rule';
import { Calls, type Kept, NOTHING } from './calls';

const web = (external_port: string, more: object = {}) => ({ name: 'web', external_port, ...more });

async function configured(...args: ConstructorParameters<typeof Calls>): Promise<Calls> {
  const calls = new Calls(...args);
  expect(await calls.configure()).toEqual({});
  return calls;
}

/** The calls of another process of the same engine: a plan that follows an apply, or the other way round. */
function next({ gateway }: Calls): Promise<Calls> {
  return configured(gateway);
}

test('a plan looks once, whatever it plans, and changes nothing', async () => {
  const calls = await configured();
  await Promise.all(
    Array.from({ length: 50 }, (_, n) => calls.plan({ name: `r${n}`, external_port: String(n + 1) })),
  );
  expect(calls.gateway.counts).toMatchObject({ logins: 1, lists: 1, applies: 0 });
});

test('a rule that does not change asks no gateway', async () => {
  const calls = await configured();
  const made = await calls.make(web('443'));
  const later = await next(calls);
  later.gateway.faults.unreachable = true;
  const plan = await later.plan(web('443'), made);
  expect([plan.said, plan.attributes]).toEqual([[], made.attributes]);
});

test('a gateway that does not answer is warned of once', async () => {
  const calls = await configured();
  calls.gateway.faults.unreachable = true;
  const plans = await Promise.all(
    ['1', '2', '3'].map((n) => calls.plan({ name: `r${n}`, external_port: n })),
  );
  expect(plans.flatMap(({ said }) => said)).toEqual([
    expect.stringMatching(
      /^WARNING: Gateway "router" could not be looked at: Nothing answers\. Is the gateway on\?/,
    ),
  ]);
});

test('what the gateway cannot do is told by attribute', async () => {
  const calls = await configured({ lans: ['192.168.1.0/24'] });
  const { said } = await calls.plan({ ...web('443'), internal_address: '10.0.0.1' });
  expect(said).toEqual([
    expect.stringMatching(/^ERROR internal_address: Rule "web" cannot be on gateway "router"/),
  ]);
});

test('a new name replaces; the second call for it meets neither itself nor its old entries', async () => {
  const calls = await configured();
  const made = await calls.make(web('443'));
  const later = await next(calls);
  const first = await later.plan({ ...web('443'), name: 'www' }, made);
  expect(first.replaces).toEqual([{ steps: [{ attribute_name: 'name' }] }]);
  const second = await later.plan({ ...web('443'), name: 'www' }, { attributes: null, kept: first.kept });
  expect([...first.said, ...second.said]).toEqual([]);
  expect(second.attributes).toMatchObject({ id: 'home/www', device: UNKNOWN });
});

test('a replacement that the engine wants meets itself neither', async () => {
  const calls = await configured();
  const made = await calls.make(web('443'));
  const later = await next(calls);
  const first = await later.plan(web('444'), made);
  const second = await later.plan(web('444'), { attributes: null, kept: first.kept });
  expect([...first.said, ...second.said]).toEqual([]);
});

test('a tainted rule is known from the upgrade of its state, though it is planned as new', async () => {
  const calls = await configured();
  const made = await calls.make(web('443'));
  const later = await next(calls);
  await later.upgrade(made.attributes as object);
  expect((await later.plan(web('444'))).said).toEqual([]);
});

test('a rule that vanished is new: what stands in its place now is seen', async () => {
  const calls = await configured();
  const made = await calls.make(web('443'));
  const [entry] = calls.gateway.records;
  calls.gateway.vanish(entry?.handle as string);
  calls.gateway.addForeign(
    normalise({ name: 'x', externalPort: 443, internalAddress: '192.168.1.66' }).forward,
  );
  const later = await next(calls);
  await later.upgrade(made.attributes as object);
  expect((await later.read(made)).attributes).toBeNull();
  expect((await later.plan(web('443'))).said).toEqual([expect.stringContaining('is in the way')]);
});

test('entries of the very rule that stand already are warned of', async () => {
  const calls = await configured();
  await calls.make(web('443'));
  const later = await next(calls);
  expect((await later.plan(web('443'))).said).toEqual([
    expect.stringMatching(/^WARNING name: Rule "web" is on the gateway already/),
  ]);
});

describe('a port that another rule of ours has', () => {
  let made: Kept;
  let later: Calls;
  beforeEach(async () => {
    const calls = await configured();
    made = await calls.make(web('443'));
    later = await next(calls);
    // As in every plan with a refresh.
    await later.read(made);
  });
  const news = { name: 'new', external_port: '443' };

  test.each([
    ['moves', web('444')],
    ['goes', null],
    ['gets another name', { ...web('444'), name: 'www' }],
  ])('is taken without a word when that one %s, though the plan says so later', async (_what, config) => {
    const taking = later.plan(news);
    const giving = await later.plan(config, made);
    expect([...(await taking).said, ...giving.said]).toEqual([]);
  });

  test('is taken with a warning when the plan says nothing of that one', async () => {
    expect((await later.plan(news)).said).toEqual([
      expect.stringMatching(
        /^WARNING external_port: tcp:443 belongs to rule "web" now, and rule "new" would take it over\. Unless this same plan moves or removes rule "web", that rule loses it\./,
      ),
    ]);
  });
});

describe('where a gateway has no room to say whose an entry is', () => {
  const news = { name: 'new', external_port: '443' };

  test('a port of ours is taken, though the engine shows later whose it was', async () => {
    const calls = await configured({ kind: terse });
    const made = await calls.make(web('443'));
    const later = await next(calls);
    const taking = later.plan(news);
    await later.read(made);
    const giving = await later.plan(null, made);
    expect([...(await taking).said, ...giving.said]).toEqual([]);
  });

  test('a port of somebody else stays his', async () => {
    const calls = await configured({ kind: terse });
    await calls.make(web('443'));
    const { said } = await (await next(calls)).plan(news);
    expect(said).toEqual([
      expect.stringContaining('an entry that portforward wrote, for whom the gateway has no room to say'),
    ]);
  });
});

describe('a leased mapping', () => {
  const made = { entries: [], renewalDue: new Date(Date.now() - 1).toISOString() };
  test('is renewed once half of its time is over', async () => {
    const first = await configured();
    const { attributes } = await first.make(web('443'));
    const calls = await next(first);
    const kept = Buffer.from(JSON.stringify(made));
    const plan = await calls.plan(web('443'), { attributes, kept });
    expect(plan.attributes).toMatchObject({ device: UNKNOWN });
    expect(plan.said).toEqual([expect.stringMatching(/^WARNING: The mapping of rule "web" expires soon/)]);
  });
});

test('wrong values that were unknown at validate are found here', async () => {
  const calls = await configured();
  expect((await calls.plan(web('-10'))).said).toEqual([
    expect.stringMatching(/^ERROR external_port: .*write a range as external_port = "8000-8010"/),
  ]);
});

test('without a configuration there is no plan', async () => {
  expect((await new Calls().plan(web('443'))).said).toEqual([
    expect.stringContaining('before it has configured'),
  ]);
});

test('the removal of what is on another gateway is refused', async () => {
  const calls = await configured();
  const made = await calls.make(web('443'));
  const other = new Calls();
  await other.configure({ place: 'there' });
  expect((await other.plan(null, made)).said).toEqual([
    expect.stringMatching(/^ERROR: Rule "web" was put on gateway "router" at memory:here/),
  ]);
  const refused = await other.apply({ ...NOTHING, said: [], replaces: [] }, made);
  expect(refused.said).toEqual([expect.stringContaining('was put on gateway "router"')]);
  expect(refused.attributes).toEqual(made.attributes);
});
