import { AgentWorld } from '../../lab/tour/worlds/agent';
import type { Session } from '../../provider/session/session';
import { describeWhere, missingForLab } from '../support/needs';
import { brokenClaim, holdOutbound, holdThrough, openSession, Saboteur, web } from './whole';

jest.setTimeout(60_000);

/**
 * Negative controls: with a part of the product taken out, the very proof that shows it must fail. Each is preceded
 * by the same proof with everything in place.
 */
describeWhere(missingForLab(), 'negative controls', () => {
  let world: AgentWorld;
  let session: Session;
  let saboteur: Saboteur | undefined;

  async function start(sabotage?: Saboteur): Promise<void> {
    saboteur = sabotage;
    world = await AgentWorld.start(sabotage ? { env: sabotage.env } : {});
    session = openSession(world.socket);
  }
  afterEach(async () => {
    await session?.close();
    await world?.stop();
    saboteur?.remove();
  });

  test('with nothing taken out, every claim holds', async () => {
    await start();
    await session.create(web);
    expect(await brokenClaim(world)).toBeNull();
  });

  test('apply is a no-op: the create fails by its second look, and no client reaches the server', async () => {
    // Answers success to every batch that is not a mere check.
    await start(new Saboteur('nft', 'case " $* " in *" -c "*) ;; *" -f "*) exit 0 ;; esac'));
    saboteur?.switchOn();
    await expect(session.create(web)).rejects.toThrow();
    expect(await brokenClaim(world)).toBe('a client on the internet reaches the server');
  });

  test('the source filter is off: one outside `sources` gets through', async () => {
    await start();
    await session.create(web);
    const table = ['list', 'table', 'inet', 'portforward'];
    const { stdout } = await world.lab.exec('gateway', ['nft', '-a', ...table]);
    let chain = '';
    let removed = 0;
    for (const line of stdout.split('\n')) {
      chain = /^\s*chain (\S+)/.exec(line)?.[1] ?? chain;
      const handle = /ip saddr != .* # handle (\d+)$/.exec(line)?.[1];
      if (handle === undefined) continue;
      await world.lab.nft(`delete rule inet portforward ${chain} handle ${handle}`);
      removed += 1;
    }
    expect(removed).toBe(1);
    expect(await brokenClaim(world)).toBe('one outside `sources` does not');
  });

  test('retargeting and removing cut the connections of before', async () => {
    await start();
    const made = await session.create(web);
    const first = await holdThrough(world);
    expect(await first()).toBe(true);
    const moved = await session.update(made, { ...web, internalAddress: '192.168.50.20' });
    expect(await first()).toBe(false);
    const second = await holdThrough(world);
    expect(await second()).toBe(true);
    await session.delete(moved);
    expect(await second()).toBe(false);
  });

  test('the conntrack cut is off: the connections of before live on', async () => {
    await start(new Saboteur('conntrack', 'case " $* " in *" -D "*|*" -R "*) exit 0 ;; esac'));
    const made = await session.create(web);
    const first = await holdThrough(world);
    saboteur?.switchOn();
    await session.update(made, { ...web, internalAddress: '192.168.50.20' });
    expect(await first()).toBe(true);
  });

  test('20 outbound LAN connections to the port of the forward survive add, change and remove', async () => {
    await start();
    const alive = await holdOutbound(world, 20);
    const made = await session.create(web);
    expect(await alive()).toBe(20);
    const moved = await session.update(made, { ...web, internalAddress: '192.168.50.20' });
    expect(await alive()).toBe(20);
    const tight = await session.update(moved, { ...moved.inputs, sources: ['203.0.113.128/25'] });
    expect(await alive()).toBe(20);
    await session.delete(tight);
    expect(await alive()).toBe(20);
  });

  test('a cut by the port alone would end them: the proof sees it', async () => {
    const byPort = 'case " $* " in *" -D "*|*" -R "*) exec $real -D -p tcp --orig-port-dst 443 ;; esac';
    await start(new Saboteur('conntrack', byPort));
    const alive = await holdOutbound(world, 20);
    const made = await session.create(web);
    // There must be something to cut, else nothing is cut at all.
    await holdThrough(world);
    saboteur?.switchOn();
    await session.delete(made);
    expect(await alive()).toBeLessThan(20);
  });
});
