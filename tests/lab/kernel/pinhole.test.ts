import { addresses } from '../../../lab/namespaces/network';
import { describeWhere, missingForLab } from '../../support/needs';
import { entry } from './entries';
import { Practice } from './practice';

jest.setTimeout(60_000);

const { client6, stranger6 } = addresses.internet;
const server6 = addresses.server.lan6;
const desk6 = addresses.desk.lan6;
const line = 'meta mark and 0x10000000 == 0x10000000 accept';

describeWhere(missingForLab(), 'pinholes', () => {
  let practice: Practice;
  beforeAll(async () => {
    practice = await Practice.start();
    const { lab } = practice;
    for (const port of [443, 5000, 5005]) await lab.on('server').greet(port);
    await lab.on('server').echo(443);
    await lab.on('desk').greet(443);
    for (const client of [client6, stranger6])
      await practice.gateway('ip', '-6', 'route', 'replace', `${client}/128`, 'via', addresses.internet.isp6);
  });
  beforeEach(() => practice.clean());
  afterAll(() => practice?.stop());

  test('behind a closed firewall with the one line, only what is declared opens, to whom it is declared', async () => {
    await practice.lab.firewall('drop');
    await practice.lab.nft(`insert rule inet hostfw forward ${line}`);
    const hole = entry('hole', {
      externalPort: '443,5000-5010',
      protocol: 'tcp+udp',
      internalAddress: server6,
      sources: [`${client6}/128`],
    });
    const call = { to: server6, from: client6, timeout: 700 };
    expect(await practice.tcp('internet', { ...call, port: 443 })).toBe('silent');
    await practice.forward(hole);
    expect(await practice.tcp('internet', { ...call, port: 443 })).toBe(`server:443 sees ${client6}`);
    expect(await practice.tcp('internet', { ...call, port: 5005 })).toBe(`server:5005 sees ${client6}`);
    expect(await practice.udp('internet', { ...call, port: 443 })).toBe(`server:443 sees ${client6}`);
    expect(await practice.counters(hole)).toEqual({ connections: 3, denied: 0 });
    expect(await practice.tcp('internet', { ...call, port: 443, from: stranger6 })).toBe('silent');
    expect(await practice.counters(hole)).toEqual({ connections: 3, denied: 1 });
    // Another port, another host: not declared.
    expect(await practice.tcp('internet', { ...call, port: 5011 })).toBe('silent');
    expect(await practice.tcp('internet', { ...call, port: 443, to: desk6 })).toBe('silent');
    expect((await practice.kernel.read()).ours[0]).toMatchObject({ forward: hole.forward, blocked: null });
  });

  test('sources hold where no other firewall is, too', async () => {
    await practice.forward(
      entry('hole', { externalPort: 443, internalAddress: server6, sources: [`${client6}/128`] }),
    );
    const call = { to: server6, port: 443, timeout: 700 };
    expect(await practice.tcp('internet', { ...call, from: client6 })).toBe(`server:443 sees ${client6}`);
    expect(await practice.tcp('internet', { ...call, from: stranger6 })).toBe('silent');
  });

  test('the same port to two hosts, and one bound to another WAN opens nothing here', async () => {
    await practice.lab.firewall('drop');
    await practice.lab.nft(`insert rule inet hostfw forward ${line}`);
    await practice.forward(
      entry('one', { externalPort: 443, internalAddress: server6 }),
      entry('two', { externalPort: 443, internalAddress: desk6 }),
      entry('elsewhere', { externalPort: 5000, internalAddress: server6, wan: 'wan1' }),
    );
    const call = { from: client6, timeout: 700 };
    expect(await practice.tcp('internet', { ...call, to: server6, port: 443 })).toBe(
      `server:443 sees ${client6}`,
    );
    expect(await practice.tcp('internet', { ...call, to: desk6, port: 443 })).toBe(
      `desk:443 sees ${client6}`,
    );
    expect(await practice.tcp('internet', { ...call, to: server6, port: 5000 })).toBe('silent');
  });

  test('a removed pinhole ends the connections it let in, and no other', async () => {
    await practice.lab.firewall('drop');
    await practice.lab.nft(`insert rule inet hostfw forward ${line}`);
    const [hole, other] = [
      entry('hole', { externalPort: 443, internalAddress: server6 }),
      entry('other', { externalPort: 443, internalAddress: desk6 }),
    ];
    await practice.forward(hole, other);
    const internet = practice.lab.on('internet');
    const held = await internet.tcp({ to: server6, port: 443, from: client6, hold: true });
    const kept = await internet.tcp({ to: desk6, port: 443, from: client6, hold: true });
    const outbound = await practice.lab.on('server').tcp({ to: desk6, port: 443, hold: true });
    await practice.forward(other);
    if (!held.ok || !kept.ok || !outbound.ok) throw new Error(JSON.stringify([held, kept, outbound]));
    expect(await internet.say(held.connection as number, 'still there?', 700)).toMatchObject({ ok: false });
    expect(await internet.say(kept.connection as number, 'still there?')).toMatchObject({ ok: true });
    expect(await practice.lab.on('server').say(outbound.connection as number, 'and I?')).toMatchObject({
      ok: true,
    });
  });
});
