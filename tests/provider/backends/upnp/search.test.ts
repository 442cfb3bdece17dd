import type { NetworkInterfaceInfo } from 'node:os';
import {
  addressTowards,
  defaultGateways,
  isInside,
  ownAddresses,
} from '../../../../provider/backends/upnp/interfaces';
import { search } from '../../../../provider/backends/upnp/search';
import { SEARCH_TARGETS } from '../../../../provider/backends/upnp/ssdp';
import { Announcer, ssdpAnswer } from './scripted';

const OWN = '127.0.0.1';
const none = () => ({});

const announcers: Announcer[] = [];
afterEach(async () => {
  await Promise.all(announcers.splice(0).map((announcer) => announcer.stop()));
});

async function announce(answers: (target: string) => readonly string[]): Promise<Announcer> {
  const announcer = await Announcer.start(answers);
  announcers.push(announcer);
  return announcer;
}
const find = (
  announcer: Announcer,
  options: Partial<Parameters<typeof search>[0]> = {},
  signal = AbortSignal.timeout(9_000),
) => search({ family: 4, hosts: [OWN], ...options }, { interfaces: none, port: announcer.port }, signal);

test('everything is asked for, more than once where nobody answers', async () => {
  const announcer = await announce(() => []);
  expect(await find(announcer)).toEqual({ sightings: [], asked: [OWN] });
  const targets = announcer.heard.map(({ target }) => target);
  for (const target of SEARCH_TARGETS)
    expect(targets.filter((one) => one === target).length).toBeGreaterThan(1);
});

test('where somebody answers, nobody is asked a third time', async () => {
  const announcer = await announce((target) => [ssdpAnswer(`http://${OWN}:1/`, target, 'uuid:a')]);
  const { sightings } = await find(announcer);
  expect(sightings).toHaveLength(SEARCH_TARGETS.length);
  expect(announcer.heard).toHaveLength(2 + SEARCH_TARGETS.length);
});

test('it ends as soon as the one that is sought has answered', async () => {
  const announcer = await announce((target) => [ssdpAnswer(`http://${OWN}:1/`, target, 'uuid:a')]);
  const began = performance.now();
  const { sightings } = await find(announcer, { until: ({ udn }) => udn === 'uuid:a' });
  expect(sightings[0]).toMatchObject({ udn: 'uuid:a', boot: '7', url: new URL(`http://${OWN}:1/`) });
  // The first questions alone: the next come after 350 ms.
  expect(announcer.heard.length).toBeLessThanOrEqual(2);
  expect(performance.now() - began).toBeLessThan(1_900);
});

test('it ends when it is cancelled', async () => {
  const announcer = await announce(() => []);
  const began = performance.now();
  await find(announcer, {}, AbortSignal.timeout(50));
  await find(announcer, {}, AbortSignal.abort());
  expect(performance.now() - began).toBeLessThan(1_900);
});

test('a flood of answers is no flood of sightings, and nobody crowds out the others', async () => {
  let next = 0;
  const announcer = await announce((target) =>
    Array.from({ length: 100 }, () => ssdpAnswer(`http://${OWN}:1/${next++}`, target, 'uuid:a')),
  );
  const { sightings } = await find(announcer);
  expect(new Set(sightings.map(({ url }) => url.href)).size).toBe(4);
});

test('noise is passed over, and so is whoever sends us elsewhere', async () => {
  const announcer = await announce((target) => [
    'hello',
    '\0'.repeat(60_000),
    ssdpAnswer('http://192.168.1.1/', target, 'uuid:evil'),
    ssdpAnswer(`http://${OWN}:1/`, target, 'uuid:good'),
  ]);
  const { sightings } = await find(announcer);
  expect(new Set(sightings.map(({ udn }) => udn))).toEqual(new Set(['uuid:good']));
});

test('an interface that is not there is one that nobody answers on', async () => {
  const announcer = await announce(() => []);
  const gone = [{ address: '192.0.2.77', cidr: '192.0.2.77/24', family: 'IPv4' }] as NetworkInterfaceInfo[];
  const result = await search(
    { family: 4 },
    { interfaces: () => ({ gone }), port: announcer.port },
    AbortSignal.timeout(9_000),
  );
  expect(result).toEqual({ sightings: [], asked: ['gone (192.0.2.77)'] });
});

describe('which interfaces are asked', () => {
  const all = () =>
    ({
      lo: [{ address: '127.0.0.1', cidr: '127.0.0.1/8' }],
      eth0: [
        { address: '192.0.2.5', cidr: '192.0.2.5/24' },
        { address: '2001:db8::5', cidr: '2001:db8::5/64' },
        { address: 'fe80::5', cidr: 'fe80::5/64' },
      ],
      wlan0: [{ address: '198.51.100.5', cidr: '198.51.100.5/24' }],
    }) as unknown as NodeJS.Dict<NetworkInterfaceInfo[]>;
  const asked = async (options: Parameters<typeof search>[0]) =>
    (await search(options, { interfaces: all, port: 9 }, AbortSignal.abort())).asked;

  test.each([
    [{ family: 4 }, ['eth0 (192.0.2.5)', 'wlan0 (198.51.100.5)']],
    [{ family: 6 }, ['eth0 (2001:db8::5)']],
    [{ family: 4, interfaces: ['wlan0'] }, ['wlan0 (198.51.100.5)']],
    [{ family: 4, interfaces: ['192.0.2.5'] }, ['eth0 (192.0.2.5)']],
    [{ family: 4, interfaces: ['lo'] }, ['lo (127.0.0.1)']],
    [{ family: 4, interfaces: ['wlan9'] }, []],
  ] as const)('%j', async (options, names) => {
    expect(await asked(options)).toEqual(names);
  });

  test('what lies inside', () => {
    const own = ownAddresses(all);
    expect(isInside('192.168.7.7', own)).toBe(true);
    expect(isInside('192.0.2.99', own)).toBe(true);
    expect(isInside('203.0.113.1', own)).toBe(false);
    expect(isInside('2001:db8::99', own)).toBe(true);
    expect(isInside('2001:db8:1::99', own)).toBe(false);
    expect(isInside('router', own)).toBe(false);
  });
});

test('the routers of the default routes, as Linux tells them', () => {
  const table = [
    'Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT',
    'eth0\t00000000\t0132A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0',
    'wlan0\t00000000\t0132A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0',
    'ppp0\t00000000\t00000000\t0003\t0\t0\t0\t00000000\t0\t0\t0',
    'eth0\t0032A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0',
  ].join('\n');
  expect(defaultGateways(() => table)).toEqual(['192.168.50.1']);
  expect(
    defaultGateways(() => {
      throw new Error('no such file');
    }),
  ).toEqual([]);
});

test('by which address this machine speaks with another', async () => {
  expect(await addressTowards(OWN)).toBe(OWN);
  expect(await addressTowards('not an address')).toBeNull();
});
