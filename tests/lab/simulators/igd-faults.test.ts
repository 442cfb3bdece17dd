import { SteppedClock } from '../../../lab/simulators/clock';
import type { Misbehaviour } from '../../../lab/simulators/igd/faults';
import { IgdSimulator } from '../../../lab/simulators/igd/simulator';
import { heldRequest } from './held-request';
import { http, mapping, raw, type SoapAnswer, search, searchText, soap, tuple } from './igd-caller';

const clock = new SteppedClock();
const ROOT = 'upnp:rootdevice';

let igd: IgdSimulator;
let url: string;

beforeEach(async () => {
  igd = new IgdSimulator({ clock });
  url = await igd.start({ ssdp: { port: 0, address: '127.0.0.1' } });
});
afterEach(() => igd.stop());

const call = (action: string, args: Readonly<Record<string, string>> = {}) =>
  soap(url, 'WANIPConnection:2', action, args);
const add = (change: Parameters<typeof mapping>[0] = {}) => call('AddPortMapping', mapping(change));
const mapped = () => igd.byHand.mappings.map(({ externalPort }) => externalPort);
const lost = (promise: Promise<SoapAnswer>) => expect(promise).rejects.toThrow(/hang up|ECONNRESET/);

describe('what is done, and what is answered', () => {
  test('lost: done, and no answer', async () => {
    igd.misbehave({ how: 'lost', to: 'AddPortMapping', times: 1 });
    await lost(add());
    expect(mapped()).toEqual([8443]);
    expect((await add()).code).toBe(0);
  });

  test('cut: neither', async () => {
    igd.misbehave({ how: 'cut', to: 'AddPortMapping', times: 1 });
    await lost(add());
    expect(mapped()).toEqual([]);
  });

  test('held: done when it is let go', async () => {
    const { reached, until, arrived, go } = heldRequest();
    igd.misbehave({ how: 'held', to: 'AddPortMapping', times: 1, reached, until });
    const first = add();
    await arrived;
    expect(mapped()).toEqual([]);
    // Others are served meanwhile.
    expect((await add({ NewExternalPort: '9000' })).code).toBe(0);
    go();
    expect((await first).code).toBe(0);
    expect(mapped()).toEqual([9000, 8443]);
  });

  test('unchanged: answered, and not done', async () => {
    igd.byHand.add({ externalPort: 9000, internalClient: '192.168.1.10' });
    igd.misbehave({ how: 'unchanged' });
    expect((await add()).code).toBe(0);
    expect((await call('DeletePortMapping', tuple({ NewExternalPort: 9000 }))).code).toBe(0);
    expect(mapped()).toEqual([9000]);
    igd.behave();
    await add();
    expect(mapped()).toEqual([9000, 8443]);
  });

  test('reboot in the middle: the table is empty, and the start is counted', async () => {
    igd.byHand.add({ externalPort: 9000, internalClient: '192.168.1.10' });
    igd.misbehave({ how: 'reboot', to: 'AddPortMapping', times: 1 });
    await lost(add());
    expect(mapped()).toEqual([]);
    expect(igd.bootId).toBe(2);
    expect((await add()).code).toBe(0);
  });

  test('a remote host dropped without a word', async () => {
    igd.faults.dropRemoteHost = true;
    expect((await add({ NewRemoteHost: '198.51.100.7' })).code).toBe(0);
    expect(igd.byHand.mappings).toMatchObject([{ remoteHost: '' }]);
  });

  test('held: nobody is answered until it ends, and who went away wants nothing any more', async () => {
    const release = igd.hold();
    const gone = new AbortController();
    const left = fetch(url, { signal: gone.signal }).catch((error: Error) => error.name);
    const stays = http(url);
    gone.abort();
    expect(await left).toBe('AbortError');
    expect(igd.counters.of('description')).toBe(0);
    release();
    expect((await stays).status).toBe(200);
    expect(igd.counters.of('description')).toBe(1);
  });

  test('slow', async () => {
    igd.faults.delay = 5_000;
    let answered = false;
    const answer = http(url).then(() => {
      answered = true;
    });
    while (igd.counters.connections === 0) await new Promise(setImmediate);
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    expect(answered).toBe(false);
    clock.advance(5_000);
    await answer;
  });
});

describe('bad answers', () => {
  const bad = async (how: Misbehaviour, most?: number): Promise<string> => {
    igd.misbehave({ how, to: 'description', times: 1 });
    return (await raw(url, most)).toString('latin1');
  };

  test('a page of somebody else, a way to somewhere else', async () => {
    expect(await bad('html')).toMatch(/^HTTP\/1.1 200 OK\r\nContent-Type: text\/html\r\n[\s\S]*Sign in/);
    igd.misbehave({
      how: 'redirect',
      to: 'description',
      times: 1,
      location: 'http://192.0.2.9/',
      status: 307,
    });
    expect((await raw(url)).toString()).toMatch(/^HTTP\/1.1 307 [\s\S]*Location: http:\/\/192.0.2.9\/\r\n/);
  });

  test('nothing, half, half of what was promised', async () => {
    expect(await bad('empty')).toMatch(/^HTTP\/1.1 200 OK\r\n[\s\S]*Content-Length: 0\r\n[\s\S]*\r\n\r\n$/);
    const whole = (await http(url)).body.length;
    for (const [how, promised] of [
      ['truncated', Math.ceil(whole / 2)],
      ['broken', whole],
    ] as const) {
      const [head = '', body = ''] = (await bad(how)).split('\r\n\r\n');
      expect(head).toContain(`Content-Length: ${promised}`);
      expect(body).toHaveLength(Math.ceil(whole / 2));
    }
    expect(await bad('stalled', 200)).toContain(`Content-Length: ${whole}`);
  });

  test('too much, and without end', async () => {
    const huge = await bad('huge');
    expect(huge.length).toBeGreaterThan(50 * 1024 * 1024);
    expect(huge.slice(-200)).toContain('</text></root>');
    expect((await bad('endless', 60 * 1024 * 1024)).length).toBeGreaterThanOrEqual(60 * 1024 * 1024);
  });

  test('HTTP as it must not be', async () => {
    const lf = await bad('bare-lf');
    expect(lf).toMatch(/^HTTP\/1.1 200 OK\nContent-Type/);
    expect(lf.split('\n\n')[0]).not.toContain('\r');
    expect(await bad('folded-header')).toContain('X-Comment: a long one\r\n that goes on\r\n');
    expect(await bad('control-character')).toContain('X-Comment: bell\x07\r\n');
    expect(await bad('space-before-colon')).toContain('X-Comment : late\r\n');
    expect((await bad('double-length')).match(/Content-Length: \d+/g)).toHaveLength(2);
    expect((await http(url)).status).toBe(200);
  });
});

describe('off, on, and elsewhere', () => {
  test('off, nobody is there; on again, nothing is mapped', async () => {
    await add();
    await igd.powerOff();
    await expect(http(url)).rejects.toThrow(/ECONNREFUSED/);
    await igd.powerOn();
    expect((await call('GetGenericPortMappingEntry', { NewPortMappingIndex: '0' })).code).toBe(713);
    expect(igd.bootId).toBe(2);
  });

  test('after a start on another port, only a search finds it', async () => {
    const [before] = await search(igd.searchPort, ROOT, 1);
    expect(before?.headers).toMatchObject({ LOCATION: url, 'BOOTID.UPNP.ORG': '1' });
    await igd.reboot({ move: true });
    await expect(http(url)).rejects.toThrow(/ECONNREFUSED/);
    const [after] = await search(igd.searchPort, ROOT, 1);
    expect(after?.headers).toMatchObject({ 'BOOTID.UPNP.ORG': '2', USN: before?.headers.USN });
    expect((await http(after?.headers.LOCATION ?? '')).status).toBe(200);
  });

  test('another device at the same place', async () => {
    const udn = 'uuid:00000000-0002-4000-8000-000000000000';
    igd.identity = { ...igd.identity, udn };
    expect((await http(url)).body.toString()).toContain(`<UDN>${udn}</UDN>`);
    expect((await search(igd.searchPort, udn, 1))[0]?.headers).toMatchObject({ ST: udn, USN: udn });
  });
});

describe('searches', () => {
  const device = (version: number) => `urn:schemas-upnp-org:device:InternetGatewayDevice:${version}`;

  test('an older version is answered under its own name, a newer one not', async () => {
    const answers = await search(igd.searchPort, ROOT, 3, {
      before: [device(1), device(3), device(2)].map((st) => searchText(st)),
    });
    expect(answers.map(({ headers: { ST, USN } }) => [ST, USN])).toEqual(
      [device(1), device(2), ROOT].map((st) => [st, `${igd.identity.udn}::${st}`]),
    );
    expect(answers[0]?.text).toMatch(/^HTTP\/1.1 200 OK\r\nCACHE-CONTROL: max-age=\d+\r\n/);
  });

  test('everything', async () => {
    const answers = await search(igd.searchPort, 'ssdp:all', 7);
    expect(answers.map(({ headers }) => headers.ST)).toEqual([
      ROOT,
      igd.identity.udn,
      device(2),
      'urn:schemas-upnp-org:device:WANDevice:2',
      'urn:schemas-upnp-org:device:WANConnectionDevice:2',
      'urn:schemas-upnp-org:service:WANCommonInterfaceConfig:1',
      'urn:schemas-upnp-org:service:WANIPConnection:2',
    ]);
  });

  test('what is no search gets no answer', async () => {
    const before = [
      searchText(ROOT).replace('"ssdp:discover"', 'ssdp:discover'),
      searchText(ROOT).replace('M-SEARCH', 'NOTIFY'),
      searchText(ROOT, '239.255.255.250').replace('MX: 1\r\n', ''),
      searchText('urn:schemas-upnp-org:device:MediaServer:1'),
      'nonsense',
    ];
    const answers = await search(igd.searchPort, ROOT, 1, { before });
    expect(answers).toHaveLength(1);
    expect(igd.counters.of('search')).toBe(2);
    expect(igd.counters.searchAnswers).toBe(1);
    expect(igd.counters.packets.map(({ args }) => args.get('st'))).toContain(ROOT);
  });

  test('by multicast', async () => {
    const other = new IgdSimulator();
    await other.start({ ssdp: { port: 0, multicastOn: '127.0.0.1' } });
    const answers = await search(other.searchPort, ROOT, 1, { to: '239.255.255.250' });
    expect(answers[0]?.headers.LOCATION).toBe(other.url);
    await other.stop();
  });

  test('from another address, to another place, with rubbish before', async () => {
    igd.faults.searchAnswersFrom = '127.0.0.2';
    igd.faults.location = 'http://192.0.2.1/evil.xml';
    igd.faults.searchJunk = [Buffer.alloc(8_000, 'x'), Buffer.from('HTTP/1.1 200 OK\r\n\r\n')];
    const answers = await search(igd.searchPort, ROOT, 3);
    expect(answers.map(({ from, text }) => [from, text.length])).toEqual([
      ['127.0.0.2', 8_000],
      ['127.0.0.2', 19],
      ['127.0.0.2', answers[2]?.text.length],
    ]);
    expect(answers[2]?.headers.LOCATION).toBe('http://192.0.2.1/evil.xml');
  });

  test('silent when it is deaf, and when it is off', async () => {
    igd.faults.deafToSearch = true;
    await search(igd.searchPort, ROOT, 0);
    while (igd.counters.of('search') < 1) await new Promise(setImmediate);
    igd.faults.deafToSearch = false;
    await igd.powerOff();
    await search(igd.searchPort, ROOT, 0);
    while (igd.counters.of('search') < 2) await new Promise(setImmediate);
    expect(igd.counters.searchAnswers).toBe(0);
  });
});
