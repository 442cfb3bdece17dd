import { UNKNOWN } from '../../../provider/rule/rule';
import { type Bench, failure, needs } from '../kit';

/** The second gate at preview, and the management guard. */
export function previews(bench: Bench): void {
  test('a rule that fits passes', async () => {
    expect(await bench.session().check({ ...bench.rule('web', 8443) }, null)).toEqual([]);
  });

  test('unknown values pass', async () => {
    const session = bench.session();
    for (const property of ['externalPort', 'internalAddress', 'sources', 'name']) {
      expect(await session.check({ ...bench.rule('web', 8443), [property]: UNKNOWN }, null)).toEqual([]);
    }
  });

  test('many checks share one look', async () => {
    const session = bench.session();
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        session.check({ ...bench.rule(`r${index}`, 8000 + index) }, null),
      ),
    );
    await session.create(bench.rule('web', 9443));
    await session.check({ ...bench.rule('www', 9444) }, null);
    expect(bench.device.counts().lists).toBeLessThanOrEqual(3);
  });

  needs(bench, ['foreign'], 'a foreign entry in the way is told before anything is done', async () => {
    await bench.device.addForeign(bench.forward(8443));
    const [failed] = await bench.session().check({ ...bench.rule('web', 8443) }, null);
    expect(failed?.property).toBe('externalPort');
    expect(failed?.reason).toContain('tcp:8443');
  });

  test('what this run wrote is told to a later check', async () => {
    const session = bench.session();
    const state = await session.create(bench.rule('web', 8443));
    expect(await session.check({ ...bench.rule('www', 8443) }, null)).toMatchObject([
      { property: 'externalPort' },
    ]);
    expect(await session.check({ ...bench.rule('web', 8443) }, state)).toEqual([]);
  });

  needs(bench, ['unreachable'], 'a gateway that is not there is one warning, and up refuses', async () => {
    const lift = await bench.device.inject({ kind: 'unreachable' });
    const session = bench.session();
    expect(await session.check({ ...bench.rule('web', 8443) }, null)).toEqual([]);
    expect(await session.check({ ...bench.rule('www', 8444) }, null)).toEqual([]);
    expect(bench.warnings).toHaveLength(1);
    expect((await failure(session.create(bench.rule('web', 8443)))).code).toBe('unreachable');
    await lift();
  });

  test('a target outside the LANs is refused, at check and at up', async () => {
    const inputs = bench.rule('web', 8443, { internalAddress: '172.31.255.9' });
    const session = bench.session();
    if ((await session.info()).lans === null) return;
    expect(await session.check({ ...inputs }, null)).toMatchObject([{ property: 'internalAddress' }]);
    expect(await failure(session.create(inputs))).toMatchObject({
      code: 'invalid',
      property: 'internalAddress',
    });
    expect(await bench.device.snapshot()).toEqual([]);
  });

  const { managementPort } = bench.harness;
  if (managementPort !== null) {
    test('the port by which the gateway is managed is guarded, unless the rule names it', async () => {
      const session = bench.session();
      const inputs = bench.rule('ssh', managementPort);
      expect(await session.check({ ...inputs }, null)).toMatchObject([{ property: 'externalPort' }]);
      const error = await failure(session.create(inputs));
      expect(error).toMatchObject({ code: 'guard', property: 'externalPort' });
      expect(error.hint).toContain(`allowManagementPorts: ${managementPort}`);
      expect(await bench.device.snapshot()).toEqual([]);

      const range = bench.rule('range', `${managementPort - 1}-${managementPort + 1}`);
      expect((await failure(session.create(range))).code).toBe('guard');
      const state = await session.create({ ...inputs, allowManagementPorts: managementPort });
      expect(await bench.session().read(state)).toEqual(state);
      await session.create(bench.rule('udp', managementPort, { protocol: 'udp' }));
    });
  }
}
