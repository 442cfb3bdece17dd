import type { Change, Entry, WantedEntry } from '../../../../provider/backends/backend';
import { Firewall } from '../../../../provider/backends/upnp/firewall';
import { type Pinhole, pinholeHandle, readPinhole } from '../../../../provider/backends/upnp/pinhole';
import { Pinholes, type PinholeWay } from '../../../../provider/backends/upnp/pinholes';
import { makeTag } from '../../../../provider/rule/identity';
import { normalise } from '../../../../provider/rule/normalise';
import type { RuleInputs } from '../../../../provider/rule/rule';
import { type Reply, ScriptedGateway } from './scripted';

const OWN = '::1';
const signal = new AbortController().signal;

/** The part of a gateway that opens pinholes: numbers count from 1, and the very same pinhole keeps its own. */
class Holes {
  readonly open = new Map<number, string>();
  private next = 1;

  constructor(readonly gateway: ScriptedGateway) {
    const { script } = gateway;
    script.set('GetFirewallStatus', () => ({ FirewallEnabled: '1', InboundPinholeAllowed: '1' }));
    script.set('AddPinhole', ({ LeaseTime: _, ...tuple }) => {
      const text = JSON.stringify(tuple);
      const found = [...this.open].find(([, other]) => other === text)?.[0];
      const id = found ?? this.next++;
      this.open.set(id, text);
      return { UniqueID: String(id) };
    });
    script.set('DeletePinhole', ({ UniqueID }) => (this.open.delete(Number(UniqueID)) ? {} : { error: 704 }));
    script.set('CheckPinholeWorking', (args) => this.check(args));
  }

  /** Off and on again: all is gone, and numbers begin anew. */
  restart(): void {
    this.open.clear();
    this.next = 1;
  }

  check({ UniqueID }: Readonly<Record<string, string>>): Reply {
    return { error: this.open.has(Number(UniqueID)) ? 709 : 704 };
  }
}

let gateway: ScriptedGateway;
let holes: Holes;
let way: PinholeWay;
let now = 1_800_000_000_000;

beforeEach(async () => {
  gateway = await ScriptedGateway.start({ host: OWN });
  holes = new Holes(gateway);
  way = reach('7');
});
afterEach(async () => {
  await way.firewall.close();
  await gateway.stop();
});

function reach(boot: string | null): PinholeWay {
  const service = {
    type: 'urn:schemas-upnp-org:service:WANIPv6FirewallControl:1',
    id: 'Firewall1',
    control: new URL('/ctl', gateway.url),
  };
  return { firewall: new Firewall(service, [OWN]), boot };
}
const fresh = () => new Pinholes(() => now);
const wanted = (inputs: Partial<RuleInputs> = {}, lease = 604_800): WantedEntry => {
  const { forward } = normalise({
    name: 'six',
    externalPort: 8443,
    internalAddress: '2001:db8::10',
    ...inputs,
  });
  // A rule cannot name loopback, and the test has no other address that is its own.
  const own = { ...forward, target: { kind: 'host', family: 6, address: OWN } } as const;
  return { tag: makeTag('shop/prod/six', own, 0), id: 'shop/prod/six', forward: own, lease };
};
const add = async (pinholes: Pinholes, one = wanted()): Promise<string> => {
  const result = await pinholes.change({ op: 'add', wanted: one }, way, signal);
  if (result.status !== 'done' || result.handle === null) throw new Error(JSON.stringify(result));
  return result.handle;
};
const list = (handles: readonly string[], pinholes = fresh(), by: PinholeWay | null = way) =>
  pinholes.list(handles, by, signal);
const change = (one: Change, pinholes = fresh(), by: PinholeWay | null = way) =>
  pinholes.change(one, by, signal);

test('a pinhole is opened, and its handle tells all that is known of it', async () => {
  const handle = await add(fresh());
  expect(handle).toBe(`pinhole:1 tcp:8443->::1@* ${wanted().tag} ${now / 1000 + 86_400} 7`);
  expect(gateway.calls).toMatchObject([
    {
      action: 'AddPinhole',
      args: {
        RemoteHost: '',
        RemotePort: '0',
        InternalClient: OWN,
        InternalPort: '8443',
        Protocol: '6',
        LeaseTime: '86400',
      },
    },
  ]);
  const [entry] = await list([handle]);
  expect(entry).toMatchObject({
    handle,
    tag: wanted().tag,
    forward: wanted().forward,
    expires: 86_400,
    permanent: false,
  });
});

test('one source is the remote host, and a network is refused', async () => {
  const handle = await add(fresh(), wanted({ sources: ['2001:db8:7::7'] }));
  expect(handle).toContain('@2001:db8:7::7 ');
  expect((await list([handle]))[0]?.forward.sources).toEqual(['2001:db8:7::7/128']);
  expect(await change({ op: 'add', wanted: wanted({ sources: ['2001:db8::/32'] }) })).toMatchObject({
    status: 'refused',
    message: expect.stringContaining('one IPv6 address'),
  });
});

test('what this process opened is shown before anybody recorded it', async () => {
  const pinholes = fresh();
  const handle = await add(pinholes);
  expect((await list([], pinholes)).map((entry) => entry.handle)).toEqual([handle]);
  expect(await list([])).toEqual([]);
});

test('a look changes nothing', async () => {
  const handle = await add(fresh());
  gateway.calls.length = 0;
  await list([handle]);
  expect(gateway.calls.map(({ action }) => action)).toEqual(['CheckPinholeWorking']);
});

test.each([401, 602])(
  'where CheckPinholeWorking is not there (%s), its packets are asked for',
  async (code) => {
    const handle = await add(fresh());
    gateway.script.set('CheckPinholeWorking', () => ({ error: code }));
    gateway.script.set('GetPinholePackets', ({ UniqueID }) =>
      UniqueID === '1' ? { PinholePackets: '0' } : { error: 704 },
    );
    expect(await list([handle])).toHaveLength(1);
    expect(await list([handle.replace('pinhole:1', 'pinhole:2')])).toEqual([]);
  },
);

test('a renewal keeps the number, gets a new handle, and is shown once', async () => {
  const pinholes = fresh();
  const old = await add(pinholes);
  const [before] = (await list([old], pinholes)) as [Entry];
  now += 3_600_000;
  const result = await change({ op: 'edit', before, wanted: wanted({}, 600) }, pinholes);
  expect(result).toMatchObject({ status: 'done', handle: expect.stringMatching(/^pinhole:1 /) });
  expect(holes.open.size).toBe(1);
  expect((await list([old], pinholes)).map(({ expires }) => expires)).toEqual([600]);
  expect(gateway.count('DeletePinhole')).toBe(0);
});

test('another port is opened before the old one is closed', async () => {
  const pinholes = fresh();
  const [before] = (await list([await add(pinholes)], pinholes)) as [Entry];
  gateway.calls.length = 0;
  await change({ op: 'edit', before, wanted: wanted({ externalPort: 8444 }) }, pinholes);
  expect(gateway.calls.map(({ action }) => action)).toEqual(['AddPinhole', 'DeletePinhole']);
  expect([...holes.open.values()].map((text) => JSON.parse(text).InternalPort)).toEqual(['8444']);
});

describe('after a restart of the gateway', () => {
  test('a number that is another’s now is not taken for ours', async () => {
    const handle = await add(fresh());
    holes.restart();
    await add(fresh(), wanted({ externalPort: 9999 }));
    await way.firewall.close();
    way = reach('8');
    expect(await list([handle])).toEqual([]);
  });

  test.each([['8'], [null]])('and is never closed in its stead (BOOTID %j)', async (boot) => {
    const handle = await add(fresh());
    const [before] = (await list([handle])) as [Entry];
    holes.restart();
    await add(fresh(), wanted({ externalPort: 9999 }));
    await way.firewall.close();
    way = reach(boot);
    expect(await change({ op: 'remove', before })).toMatchObject({ status: 'done' });
    expect([...holes.open.values()].map((text) => JSON.parse(text).InternalPort)).toEqual(['9999']);
  });
});

test('while the gateway has not restarted, a removal is one call', async () => {
  const [before] = (await list([await add(fresh())])) as [Entry];
  gateway.calls.length = 0;
  await change({ op: 'remove', before });
  expect(gateway.calls.map(({ action }) => action)).toEqual(['DeletePinhole']);
  expect(holes.open.size).toBe(0);
});

test('what is gone is not shown, and closing it is done', async () => {
  const handle = await add(fresh());
  const [before] = (await list([handle])) as [Entry];
  holes.open.clear();
  expect(await list([handle])).toEqual([]);
  expect(await change({ op: 'remove', before })).toMatchObject({ status: 'done' });
});

describe('refusals', () => {
  const refused = async (code: number, inputs?: Partial<RuleInputs>): Promise<string> => {
    gateway.script.set('AddPinhole', () => ({ error: code, text: 'Words' }));
    const result = await change({ op: 'add', wanted: wanted(inputs) });
    if (result.status !== 'refused') throw new Error('it was done');
    return `${result.message} ${result.hint ?? ''}`;
  };

  test('606 for this host: a low port', async () => {
    expect(await refused(606, { externalPort: 443 })).toMatch(/open port 443.*Words.*below 1024/);
  });

  test('606 for another host: only itself', async () => {
    gateway.script.set('AddPinhole', () => ({ error: 606 }));
    const one = wanted();
    const target = { kind: 'host', family: 6, address: '2001:db8::20' } as const;
    const result = await change({ op: 'add', wanted: { ...one, forward: { ...one.forward, target } } });
    expect(JSON.stringify(result)).toMatch(/only to the host that asks.*Run this on 2001:db8::20/);
  });

  test.each([
    [701, 'room for no more'],
    [702, 'no pinholes'],
    [703, 'no pinholes'],
    [501, 'UPnP error 501'],
  ])('%s', async (code, words) => {
    expect(await refused(code)).toContain(words);
  });

  test('a number that is none is no success', async () => {
    gateway.script.set('AddPinhole', () => ({ UniqueID: 'x' }));
    expect(await change({ op: 'add', wanted: wanted() })).toMatchObject({ status: 'refused' });
  });
});

describe('without a way to ask', () => {
  test('what may live is not known, so it is not said to be gone', async () => {
    const handle = await add(fresh());
    await expect(list([handle], fresh(), null)).rejects.toMatchObject({ code: 'unreachable' });
    now += 86_401_000;
    expect(await list([handle], fresh(), null)).toEqual([]);
  });

  test('nothing is changed', async () => {
    expect(await change({ op: 'add', wanted: wanted() }, fresh(), null)).toMatchObject({
      status: 'refused',
      message: expect.stringContaining('offers no pinholes'),
    });
  });
});

describe('handles', () => {
  const pinhole: Pinhole = {
    id: 3,
    protocol: 'udp',
    port: 53,
    client: '2001:db8::10',
    remoteHost: '2001:db8:7::7',
    tag: wanted().tag,
    expires: 1_800_000_000,
    boot: null,
  };

  test('read as they were written', () => {
    for (const one of [pinhole, { ...pinhole, remoteHost: '', boot: '1795657416' }])
      expect(readPinhole(pinholeHandle(one))).toEqual(one);
  });

  test.each([
    '',
    'tcp:443@*',
    'pinhole:1',
    pinholeHandle({ ...pinhole, client: '192.168.1.1' }),
    pinholeHandle({ ...pinhole, tag: 'x' }),
    pinholeHandle(pinhole).replace('3', '333333'),
  ])('%j is none', (handle) => {
    expect(readPinhole(handle)).toBeNull();
  });
});
