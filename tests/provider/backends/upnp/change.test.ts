import type { Change, ChangeResult, Entry, WantedEntry } from '../../../../provider/backends/backend';
import { changeMapping } from '../../../../provider/backends/upnp/change';
import { entryOf } from '../../../../provider/backends/upnp/codec';
import { Leases } from '../../../../provider/backends/upnp/leases';
import { Marks } from '../../../../provider/backends/upnp/marks';
import { readTable } from '../../../../provider/backends/upnp/table';
import { Transport } from '../../../../provider/backends/upnp/transport';
import { WanConnection } from '../../../../provider/backends/upnp/wan';
import { makeTag } from '../../../../provider/rule/identity';
import { normalise } from '../../../../provider/rule/normalise';
import type { RuleInputs } from '../../../../provider/rule/rule';
import { ScriptedGateway } from './scripted';

const OWN = '192.168.1.10';
const OTHER = '192.168.1.20';
const signal = new AbortController().signal;

let gateway: ScriptedGateway;
let transport: Transport;
let connection: WanConnection;
let leases: Leases;
let marks: Marks;

beforeEach(async () => {
  gateway = await ScriptedGateway.start();
  transport = new Transport();
  leases = new Leases();
  marks = new Marks();
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

const wanted = (inputs: Partial<RuleInputs> = {}, lease = 604_800): WantedEntry => {
  const { forward } = normalise({ name: 'web', externalPort: 8443, internalAddress: OWN, ...inputs });
  return { tag: makeTag('shop/prod/web', forward, 0), id: 'shop/prod/web', forward, lease };
};
const change = (one: Change): Promise<ChangeResult> =>
  changeMapping(one, { connection, leases, marks, own: OWN, signal });
const add = (inputs?: Partial<RuleInputs>, lease?: number) =>
  change({ op: 'add', wanted: wanted(inputs, lease) });
const look = async (): Promise<readonly Entry[]> => (await readTable(connection, new Map(), signal)).entries;
const only = async (): Promise<Entry> => (await look())[0] as Entry;
/** What miniupnpd does in secure mode, with the code that its version has for it. */
const secure = (code: number) =>
  gateway.script.set('AddPortMapping', ({ NewInternalClient }) =>
    NewInternalClient === OWN ? undefined : { error: code },
  );
const texts = () => gateway.lines.map((line) => JSON.stringify(line));

describe('adding', () => {
  test('sends the arguments in the order of the service description, the protocol in upper case', async () => {
    expect(await add({ internalPort: 443 })).toEqual({ status: 'done', handle: 'tcp:8443@*' });
    const call = gateway.calls.find(({ action }) => action === 'AddPortMapping');
    expect(Object.entries(call?.args ?? {})).toEqual([
      ['NewRemoteHost', ''],
      ['NewExternalPort', '8443'],
      ['NewProtocol', 'TCP'],
      ['NewInternalPort', '443'],
      ['NewInternalClient', OWN],
      ['NewEnabled', '1'],
      ['NewPortMappingDescription', `${wanted({ internalPort: 443 }).tag} shop/prod/web`],
      ['NewLeaseDuration', '604800'],
    ]);
  });

  test('never overwrites what another program of this host has there, though the router would', async () => {
    gateway.put({ NewInternalClient: OWN, NewPortMappingDescription: 'game' });
    const before = texts();
    expect(await add()).toMatchObject({
      status: 'refused',
      message: `tcp:8443 goes to ${OWN} port 8443 already (mapping "game").`,
    });
    expect(texts()).toEqual(before);
    expect(gateway.count('AddPortMapping')).toBe(0);
  });

  test('takes its very own for done: another process was faster', async () => {
    await add();
    expect(await add()).toMatchObject({ status: 'done' });
    expect(gateway.lines).toHaveLength(1);
  });
});

describe('a router that writes descriptions of its own', () => {
  beforeEach(() => {
    gateway.script.set('AddPortMapping', (args) => {
      gateway.lines.length = 0;
      gateway.put({ ...args, NewPortMappingDescription: 'UPnP' });
      return {};
    });
  });

  test('is told in the same run, and no mapping stays that nobody could know again', async () => {
    expect(await add()).toMatchObject({
      status: 'refused',
      message: expect.stringContaining('writes "UPnP" in the place'),
    });
    expect(gateway.lines).toEqual([]);
  });

  test('gets back what was there', async () => {
    gateway.put({ NewInternalClient: OWN, NewPortMappingDescription: 'UPnP', NewInternalPort: '22' });
    const before = texts();
    const result = await change({ op: 'edit', before: await only(), wanted: wanted() });
    expect(result).toMatchObject({ status: 'refused' });
    expect(texts()).toEqual(before);
  });
});

test('whether descriptions are kept is asked once', async () => {
  await add();
  await add({ externalPort: 8444 });
  expect(gateway.count('GetSpecificPortMappingEntry')).toBe(3);
});

describe('what a refusal means', () => {
  const refused = async (code: number, inputs?: Partial<RuleInputs>, text = 'Words') => {
    gateway.script.set('AddPortMapping', () => ({ error: code, text }));
    const result = await add(inputs);
    if (result.status !== 'refused') throw new Error('it was done');
    expect(result.message).toContain(`UPnP error ${code} (${text}).`);
    return `${result.message} ${result.hint ?? ''}`;
  };

  test('718 with somebody on the port is a conflict that names them', async () => {
    let asked = 0;
    gateway.script.set('GetSpecificPortMappingEntry', () =>
      asked++ === 0
        ? { error: 714 }
        : { ...gateway.put({ NewInternalClient: OTHER, NewPortMappingDescription: 'nas' }) },
    );
    expect(await refused(718)).toContain(`goes to ${OTHER} port 8443 already (mapping "nas")`);
  });

  test('718 with nobody there is a router that maps only to the asker', async () => {
    expect(await refused(718, { internalAddress: OTHER })).toMatch(
      /maps only to the address that asks: that is 192\.168\.1\.10 here.*Run this on 192\.168\.1\.20/,
    );
  });

  test.each([606, 403])('%s for another host says the same', async (code) => {
    expect(await refused(code, { internalAddress: OTHER })).toContain('maps only to the address that asks');
  });

  test('606 for this host is a port that it may not have', async () => {
    expect(await refused(606)).toMatch(/does not let this host \(192\.168\.1\.10\) have tcp:8443.*FRITZ!Box/);
    expect(await refused(606, { externalPort: 443 })).toContain('below 1024');
  });

  test.each([
    ['', 'has no public address'],
    ['10.0.0.5', 'has only 10.0.0.5'],
    ['100.64.1.1', 'has only 100.64.1.1'],
  ])('501 with the public address %j', async (address, words) => {
    gateway.script.set('GetExternalIPAddress', () => ({ NewExternalIPAddress: address }));
    expect(await refused(501)).toContain(words);
  });

  test('501 with a public address is just a failure', async () => {
    expect(await refused(501)).toContain('could not do it');
  });

  test.each([
    [724, 'only to the same port'],
    [726, 'cannot limit who connects'],
    [728, 'room for no more'],
    [729, 'the gateway itself uses tcp:8443'],
    [-911, 'UPnP error -911'],
  ])('%s', async (code, words) => {
    expect(await refused(code)).toContain(words);
  });

  test('726 never widens: the rule is not made without its limit', async () => {
    await refused(726, { sources: ['203.0.113.7'] });
    expect(gateway.calls.filter(({ action }) => action === 'AddPortMapping')).toMatchObject([
      { args: { NewRemoteHost: '203.0.113.7' } },
    ]);
    expect(gateway.lines).toEqual([]);
  });
});

describe('leases', () => {
  const asked = () =>
    gateway.calls.flatMap(({ action, args }) => (action === 'AddPortMapping' ? [args.NewLeaseDuration] : []));

  test('725: kept for ever, and asked for so from then on', async () => {
    gateway.script.set('AddPortMapping', ({ NewLeaseDuration }) =>
      NewLeaseDuration === '0' ? undefined : { error: 725 },
    );
    expect(await add({}, 3600)).toMatchObject({ status: 'done' });
    expect(await add({ externalPort: 8444 }, 3600)).toMatchObject({ status: 'done' });
    expect(asked()).toEqual(['3600', '0', '0']);
    expect((await look()).map(({ permanent, expires }) => [permanent, expires])).toEqual([
      [true, null],
      [true, null],
    ]);
    expect(leases.onlyPermanent).toBe(true);
  });

  test('402: an hour, and so from then on', async () => {
    gateway.script.set('AddPortMapping', ({ NewLeaseDuration }) =>
      Number(NewLeaseDuration) <= 3600 ? undefined : { error: 402 },
    );
    expect(await add()).toMatchObject({ status: 'done' });
    expect(await add({ externalPort: 8444 })).toMatchObject({ status: 'done' });
    expect(asked()).toEqual(['604800', '3600', '3600']);
  });

  test('402 for something else is not taken for a matter of leases', async () => {
    gateway.script.set('AddPortMapping', () => ({ error: 402, text: 'Invalid Args' }));
    expect(await add()).toMatchObject({ status: 'refused', message: 'UPnP error 402 (Invalid Args).' });
    expect(asked()).toEqual(['604800', '3600']);
    gateway.script.delete('AddPortMapping');
    await add();
    expect(asked().at(-1)).toBe('604800');
  });
});

describe('removing', () => {
  test('looks first: what was changed meanwhile stays', async () => {
    await add();
    const before = await only();
    Object.assign(gateway.lines[0] as object, { NewInternalClient: OTHER });
    expect(await change({ op: 'remove', before })).toMatchObject({ status: 'refused' });
    expect(gateway.lines).toHaveLength(1);
    expect(gateway.count('DeletePortMapping')).toBe(0);
  });

  test('what another program has put in its place stays', async () => {
    await add();
    const before = await only();
    Object.assign(gateway.lines[0] as object, { NewPortMappingDescription: 'game' });
    expect(await change({ op: 'remove', before })).toMatchObject({ status: 'refused' });
    expect(gateway.count('DeletePortMapping')).toBe(0);
  });

  test('what is gone is gone', async () => {
    await add();
    const before = await only();
    gateway.lines.length = 0;
    expect(await change({ op: 'remove', before })).toEqual({ status: 'done', handle: 'tcp:8443@*' });
    gateway.script.set('DeletePortMapping', () => ({ error: 714 }));
    await add();
    expect(await change({ op: 'remove', before })).toMatchObject({ status: 'done' });
  });

  test('of another host, where the router does not let us', async () => {
    gateway.put({ NewInternalClient: OTHER });
    gateway.script.set('DeletePortMapping', () => ({ error: 606, text: 'Not authorized' }));
    const result = await change({ op: 'remove', before: await only() });
    expect(result).toMatchObject({ status: 'refused' });
    expect(JSON.stringify(result)).toContain('maps only to the address that asks');
  });
});

describe('editing', () => {
  test('the very same is one AddPortMapping: a renewal', async () => {
    await add();
    const before = await only();
    gateway.calls.length = 0;
    expect(await change({ op: 'edit', before, wanted: wanted({}, 60) })).toMatchObject({ status: 'done' });
    expect(gateway.calls.map(({ action }) => action)).toEqual([
      'GetSpecificPortMappingEntry',
      'AddPortMapping',
    ]);
    expect(await only()).toMatchObject({ expires: 60 });
  });

  test('another port inside is a new mapping under a new description', async () => {
    await add();
    const next = wanted({ internalPort: 443 });
    expect(await change({ op: 'edit', before: await only(), wanted: next })).toMatchObject({
      status: 'done',
    });
    expect(gateway.count('DeletePortMapping')).toBe(1);
    expect(await look()).toMatchObject([{ tag: next.tag, forward: next.forward }]);
  });

  test('another port outside leaves the old one until the new one is known to be free', async () => {
    gateway.put({ NewExternalPort: '8444', NewInternalClient: OTHER });
    await add();
    const [before] = (await look()).filter(({ tag }) => tag !== null);
    const lines = texts();
    const result = await change({
      op: 'edit',
      before: before as Entry,
      wanted: wanted({ externalPort: 8444 }),
    });
    expect(result).toMatchObject({ status: 'refused', message: expect.stringContaining('tcp:8444') });
    expect(texts()).toEqual(lines);
  });

  test('a target that the router refuses: what was there comes back byte for byte', async () => {
    gateway.put({
      NewInternalClient: OWN,
      NewPortMappingDescription: ' Foo & "Bar" <1> ',
      NewLeaseDuration: '77',
    });
    const before = texts();
    secure(718);
    const result = await change({
      op: 'edit',
      before: await only(),
      wanted: wanted({ internalAddress: OTHER }),
    });
    expect(result).toMatchObject({ status: 'refused' });
    expect(JSON.stringify(result)).toContain('maps only to the address that asks');
    expect(texts()).toEqual(before);
  });

  test.each([718, 606])('another host’s mapping in secure mode (%s) is not even begun', async (code) => {
    gateway.put({ NewInternalClient: OTHER, NewPortMappingDescription: 'nas' });
    const before = texts();
    secure(code);
    const result = await change({ op: 'edit', before: await only(), wanted: wanted() });
    expect(result).toMatchObject({ status: 'refused' });
    expect(gateway.count('DeletePortMapping')).toBe(0);
    expect(texts()).toEqual(before);
  });

  test('a removal that is answered well and does nothing is noticed before anything is added', async () => {
    await add();
    gateway.script.set('DeletePortMapping', () => ({}));
    const before = texts();
    const result = await change({ op: 'edit', before: await only(), wanted: wanted({ internalPort: 443 }) });
    expect(result).toMatchObject({ status: 'refused', message: expect.stringContaining('still there') });
    expect(texts()).toEqual(before);
  });

  test('where even putting back fails, it says what is lost', async () => {
    await add();
    const before = await only();
    gateway.script.set('AddPortMapping', () => ({ error: 501, text: 'ActionFailed' }));
    expect(await change({ op: 'edit', before, wanted: wanted({ internalPort: 443 }) })).toMatchObject({
      status: 'refused',
      message: expect.stringContaining(`(to ${OWN} port 8443) could not be put back`),
    });
  });
});

describe('an answer that cannot be read', () => {
  test.each([
    ['HTML', '<html><title>Oops</title>'],
    ['nothing', ''],
    ['half of it', '<?xml version="1.0"?><s:Envelope><s:Body>'],
  ])('%s to a change: it may have happened, and is not sent again', async (_, body) => {
    gateway.script.set('AddPortMapping', () => ({ status: 200, body }));
    await expect(add()).rejects.toMatchObject({ code: 'timeout', retryable: true });
    expect(gateway.count('AddPortMapping')).toBe(1);
  });

  test('to a question is no answer', async () => {
    gateway.script.set('GetSpecificPortMappingEntry', () => ({ status: 200, body: '<html>' }));
    await expect(add()).rejects.toMatchObject({ code: 'refused' });
    expect(gateway.count('AddPortMapping')).toBe(0);
  });

  test('is at most 256 kB long', async () => {
    gateway.script.set('GetSpecificPortMappingEntry', () => ({ status: 200, body: ' '.repeat(300 * 1024) }));
    await expect(add()).rejects.toThrow(/more than 262144 bytes/);
  });
});

test('an entry that cannot be named to the gateway is left alone', async () => {
  const before = entryOf({
    protocol: 'tcp',
    externalPort: 8443,
    remoteHost: 'a b',
    client: OWN,
    internalPort: 1,
    enabled: true,
    description: '',
    lease: 0,
  });
  expect(before.changeable).toBe(false);
  expect(await change({ op: 'remove', before })).toMatchObject({ status: 'refused' });
  expect(gateway.calls).toEqual([]);
});
