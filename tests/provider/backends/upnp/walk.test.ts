import { Transport } from '../../../../provider/backends/upnp/transport';
import { sizeOfTable, walkingTime, walkTable } from '../../../../provider/backends/upnp/walk';
import { WanConnection } from '../../../../provider/backends/upnp/wan';
import { ScriptedGateway } from './scripted';

const signal = new AbortController().signal;
const GET = 'GetGenericPortMappingEntry';

let gateway: ScriptedGateway;
let transport: Transport;
let connection: WanConnection;

beforeEach(async () => {
  gateway = await ScriptedGateway.start();
  transport = new Transport();
  connection = new WanConnection(transport, {
    type: 'urn:schemas-upnp-org:service:WANIPConnection:1',
    id: 'WANIPConn1',
    control: new URL('/ctl', gateway.url),
  });
});
afterEach(async () => {
  await transport.close();
  await gateway.stop();
});

const put = (...ports: number[]) => {
  for (const port of ports) gateway.put({ NewExternalPort: String(port) });
};
const walk = async (known: readonly number[] = []) => {
  const table = await walkTable(
    connection,
    async (seen) => known.some((port) => !seen.has(`tcp:${port}@*`)),
    signal,
  );
  return [...table.values()].map(({ externalPort }) => externalPort).sort((a, b) => a - b);
};
/** Runs once, before the question for an index is answered. */
const before = (index: number, change: () => void) => {
  let done = false;
  gateway.script.set(GET, ({ NewPortMappingIndex }) => {
    if (!done && Number(NewPortMappingIndex) === index) {
      done = true;
      change();
    }
    return undefined;
  });
};

test('a table at rest is walked once, with one step more than it has mappings', async () => {
  put(8001, 8002, 8003);
  expect(await walk()).toEqual([8001, 8002, 8003]);
  expect(gateway.count(GET)).toBe(4);
});

test('an empty table', async () => {
  expect(await walk()).toEqual([]);
  expect(gateway.count(GET)).toBe(1);
});

test.each([713, 714, 402])('%s ends the table', async (code) => {
  put(8001);
  gateway.script.set(GET, ({ NewPortMappingIndex }) =>
    NewPortMappingIndex === '0' ? undefined : { error: code },
  );
  expect(await walk()).toEqual([8001]);
});

test('any other error is no end: it must not pass for an empty table', async () => {
  gateway.script.set(GET, () => ({ error: 501, text: 'ActionFailed' }));
  await expect(walk()).rejects.toMatchObject({ upnp: 501 });
});

test('a mapping added while we walk shows one twice, so the table is walked again', async () => {
  put(8001, 8002, 8003);
  before(1, () => put(8004));
  expect(await walk()).toEqual([8001, 8002, 8003, 8004]);
});

test('a mapping removed while we walk hides another; one that should be there is missed, and found', async () => {
  put(8001, 8002, 8003);
  before(1, () => gateway.lines.shift());
  expect(await walk([8001, 8002])).toEqual([8001, 8002]);
});

test('a table that keeps changing is walked a few times, no more', async () => {
  put(8001, 8002);
  let next = 9000;
  gateway.script.set(GET, ({ NewPortMappingIndex }) => {
    if (NewPortMappingIndex === '1') put(next++);
    return undefined;
  });
  expect(await walk()).toEqual(expect.arrayContaining([8001, 8002]));
  expect(next).toBeLessThanOrEqual(9010);
});

test('a router that shows the same for every index does not hold us up', async () => {
  const line = gateway.put({ NewExternalPort: '8001' });
  gateway.script.set(GET, () => ({ ...line }));
  expect(await walk()).toEqual([8001]);
  expect(gateway.count(GET)).toBeLessThan(200);
});

test('nor one that begins again at its end', async () => {
  put(8001, 8002, 8003);
  gateway.script.set(GET, ({ NewPortMappingIndex }) => ({
    ...gateway.lines[Number(NewPortMappingIndex) % gateway.lines.length],
  }));
  expect(await walk()).toEqual([8001, 8002, 8003]);
  expect(gateway.count(GET)).toBeLessThan(10);
});

test('nor one that shows nothing that can be read: then the table is not known', async () => {
  gateway.script.set(GET, () => ({ NewProtocol: 'GRE' }));
  await expect(walk()).rejects.toMatchObject({ code: 'refused' });
  expect(gateway.count(GET)).toBeLessThan(200);
});

test('what no rule could say is passed over', async () => {
  put(8001);
  gateway.put({ NewProtocol: 'GRE' });
  put(8002);
  expect(await walk()).toEqual([8001, 8002]);
});

test('a broken answer is told, and not taken for the end', async () => {
  put(8001);
  gateway.script.set(GET, () => ({ status: 200, body: '<html>' }));
  await expect(walk()).rejects.toMatchObject({ code: 'refused' });
});

test('the size of a table is known by a few steps, and bounds the time for a walk', async () => {
  expect(await sizeOfTable(connection, signal)).toBe(32);
  expect(gateway.count(GET)).toBe(1);
  put(...Array.from({ length: 100 }, (_, index) => 10_000 + index));
  expect(await sizeOfTable(connection, signal)).toBe(128);
  expect(walkingTime(20)).toBe(0);
  expect(walkingTime(300)).toBe(300_000);
});
