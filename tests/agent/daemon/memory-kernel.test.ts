import { type MemoryKernel, memoryKernel } from '../../../agent/kernel/memory';
import { wanted } from '../support/wanted';

let kernel: MemoryKernel;

beforeEach(async () => {
  kernel = memoryKernel({
    wans: [
      { name: 'wan0', addresses: ['198.51.100.1'] },
      { name: 'wan1', addresses: ['192.0.2.1'] },
    ],
  });
  await kernel.restore([
    wanted({ name: 'range', externalPort: '8000-8010', internalPort: '9000-9010' }),
    wanted({ name: 'near', externalPort: 22, internalPort: 2222, internalAddress: 'gateway', wan: 'wan1' }),
    wanted({ name: 'one', sources: ['203.0.113.0/24'] }),
    wanted({ name: 'two', sources: ['198.51.100.0/24'], internalAddress: '192.168.50.20' }),
    wanted({ name: 'six', externalPort: 80, internalAddress: '2001:db8:50::10' }),
  ]);
});

const connect = (port: number, from = '203.0.113.9', to?: string) =>
  kernel.tamper.connect({ protocol: 'tcp', port, from, ...(to === undefined ? {} : { to }) });

test('sends an attempt where the kernel would', () => {
  expect(connect(8003)).toEqual({ reached: 'host', address: '192.168.50.10', port: 9003 });
  expect(connect(443, '198.51.100.7')).toEqual({ reached: 'host', address: '192.168.50.20', port: 443 });
  expect(connect(22)).toEqual({ reached: 'nobody', because: 'no entry' });
  expect(connect(22, '203.0.113.9', '192.0.2.1')).toEqual({ reached: 'gateway', port: 2222 });
  expect(connect(80, '2001:db8:1::1', '2001:db8:50::10')).toMatchObject({ reached: 'host', port: 80 });
  expect(connect(80, '2001:db8:1::1', '2001:db8:50::11')).toMatchObject({ because: 'no entry' });
  kernel.tamper.block({ message: 'm', hint: 'h' });
  expect(connect(8003)).toEqual({ reached: 'nobody', because: 'blocked' });
});

test('counts a denied attempt once at each rule of the port, and only where none admits', async () => {
  connect(443, '198.51.100.7');
  connect(443, '10.0.0.1');
  const { byTag } = await kernel.counters();
  const [one, two] = [
    wanted({ name: 'one', sources: ['203.0.113.0/24'] }),
    wanted({ name: 'two', sources: ['198.51.100.0/24'], internalAddress: '192.168.50.20' }),
  ];
  expect(byTag.get(one.tag)).toEqual({ connections: 0, denied: 1 });
  expect(byTag.get(two.tag)).toEqual({ connections: 1, denied: 1 });
});

test('keeps counters over a change and begins anew after a flush', async () => {
  connect(8003);
  const { epoch } = await kernel.counters();
  const range = wanted({ name: 'range', externalPort: '8000-8010', internalPort: '9000-9010' });
  await kernel.apply([range], [range], new Set([range.tag]));
  expect((await kernel.counters()).byTag.get(range.tag)?.connections).toBe(1);
  kernel.tamper.flush();
  expect((await kernel.read()).intact).toBe(false);
  await kernel.restore([range]);
  expect((await kernel.counters()).epoch).not.toBe(epoch);
  expect((await kernel.counters()).byTag.get(range.tag)?.connections).toBe(0);
});
