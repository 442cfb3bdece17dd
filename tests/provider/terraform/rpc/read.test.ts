import { Calls } from './calls';

const web = { name: 'web', external_port: '443', sources: ['203.0.113.0/24'] };

let calls: Calls;
beforeEach(async () => {
  calls = new Calls();
  await calls.configure();
});

test('a gateway that does not answer is an error that tells how to do without, at length only once', async () => {
  const made = await calls.make(web);
  calls.gateway.faults.unreachable = true;
  const answers = [await calls.read(made), await calls.read(made)];
  expect(answers.map(({ said }) => said)).toEqual([
    [
      expect.stringMatching(
        /^ERROR: Gateway "router": Nothing answers\. Is the gateway on\? .*add -refresh=false\.$/,
      ),
    ],
    ['ERROR: Gateway "router": the same as for another rule.'],
  ]);
});

test('with unreachable = "keep" it is a warning, and the state stays', async () => {
  const made = await calls.make(web);
  const keeping = new Calls(calls.gateway);
  await keeping.configure({ unreachable: 'keep' });
  keeping.gateway.faults.unreachable = true;
  const read = await keeping.read(made);
  expect(read.attributes).toEqual(made.attributes);
  expect(read.said).toEqual([expect.stringContaining('shown as they were recorded')]);
});

test('another device is an error with the ways that this engine has', async () => {
  const made = await calls.make(web);
  calls.gateway.replace();
  const later = new Calls(calls.gateway);
  await later.configure();
  const { said, attributes } = await later.read(made);
  expect(said).toEqual([expect.stringMatching(/but device memory-\d+ answers .*state rm/)]);
  expect(attributes).toBeNull();
});

test('what no attribute can say becomes another value, and is told', async () => {
  const made = await calls.make(web);
  calls.gateway.tamper(calls.gateway.records[0]?.handle as string, { restriction: 'only on Sundays' });
  const later = new Calls(calls.gateway);
  await later.configure();
  const read = await later.read(made);
  expect(read.attributes).toEqual({ ...made.attributes, enabled: false });
  expect(read.said).toEqual([expect.stringMatching(/^WARNING enabled: .*only on Sundays/)]);
});

test('a handle that changed changes nothing that the engine compares', async () => {
  const made = await calls.make(web);
  const [entry] = calls.gateway.records;
  calls.gateway.copy(entry?.handle as string, {});
  calls.gateway.vanish(entry?.handle as string);
  const later = new Calls(calls.gateway);
  await later.configure();
  expect(await later.read(made)).toEqual({ ...made, said: [] });
});

test('a write that is unclear stays so until one is clear', async () => {
  calls.gateway.faults.blocked.set(444, 'The one line.');
  const made = await calls.make(web);
  const blocked = await calls.make({ ...web, external_port: '444' }, made);
  expect(blocked.said).toEqual([expect.stringContaining('nobody gets in')]);
  await calls.configure();
  const read = await calls.read(blocked);
  calls.gateway.tamper(calls.gateway.records[0]?.handle as string, { log: true });
  const later = new Calls(calls.gateway);
  await later.configure();
  const drifted = await later.read(read);
  for (const { kept } of [blocked, read, drifted])
    expect(JSON.parse(Buffer.from(kept).toString())).toMatchObject({ unsettled: true });
});

describe('an upgrade of the state', () => {
  test('drops what this version does not have, and fills in what unset means', async () => {
    const old = {
      id: 'home/web',
      name: 'web',
      external_port: '443',
      internal_address: '192.168.1.10',
      colour: 'red',
    };
    expect(await calls.upgrade(old)).toMatchObject({
      id: 'home/web',
      internal_port: '443',
      protocol: 'tcp',
      enabled: true,
      sources: null,
      device: null,
    });
  });
});
