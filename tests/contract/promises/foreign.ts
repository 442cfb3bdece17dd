import { makeTag } from '../../../provider/rule/identity';
import { type Bench, failure, needs } from '../kit';

/** Entries that are not ours: left as they are, and named where they are in the way. */
export function foreign(bench: Bench): void {
  needs(bench, ['foreign'], 'foreign entries are byte-identical after everything we do', async () => {
    await bench.device.addForeign(bench.forward(9001));
    await bench.device.addForeign(bench.forward('9002', { protocol: 'udp' }));
    const before = await bench.device.snapshot();
    const session = bench.session();
    const states = await Promise.all(
      [8001, 8002, 8003].map((port) => session.create(bench.rule(`r${port}`, port))),
    );
    const [first, second] = states;
    if (!first || !second) throw new Error('no states');
    await session.update(first, bench.rule('r8001', 8011));
    await session.delete(second);
    await failure(session.create(bench.rule('clash', 9001)));

    const handles = new Set(before.map(({ handle }) => handle));
    expect((await bench.device.snapshot()).filter(({ handle }) => handles.has(handle))).toEqual(before);
  });

  needs(
    bench,
    ['foreign'],
    'a foreign entry on the port is a conflict that names it and says what to do',
    async () => {
      const handle = await bench.device.addForeign(bench.forward(8443));
      const [entry] = await bench.session().list();
      const before = await bench.device.snapshot();
      const error = await failure(bench.session().create(bench.rule('web', 8443)));

      expect(error).toMatchObject({ code: 'foreign', property: 'externalPort' });
      expect(error.message).toContain('"web"');
      expect(error.message).toContain(`handle ${handle}`);
      expect(error.message).toContain('tcp:8443');
      expect(error.hint).toMatch(entry?.changeable ? /adopt: "tcp:8443"/ : /Remove it on the gateway/);
      expect(await bench.device.snapshot()).toEqual(before);
    },
  );

  needs(
    bench,
    ['foreign'],
    'a foreign entry beside the ports, or for other sources, is no conflict',
    async () => {
      await bench.device.addForeign(bench.forward(8442));
      await bench.device.addForeign(bench.forward(8443, { protocol: 'udp' }));
      const session = bench.session();
      await session.create(bench.rule('web', 8443));
      if (!bench.manySources) return;
      await bench.device.addForeign(bench.forward(8444, { sources: ['198.51.100.0/24'] }));
      await session.create(bench.rule('api', 8444, { sources: ['203.0.113.0/24'] }));
      expect(
        (await failure(session.create(bench.rule('admin', 8444, { sources: ['198.51.100.7'] })))).code,
      ).toBe('foreign');
    },
  );

  needs(
    bench,
    ['foreign'],
    'an update into the port of a foreign entry fails and leaves the rule as it was',
    async () => {
      await bench.device.addForeign(bench.forward(9443));
      const session = bench.session();
      const state = await session.create(bench.rule('web', 8443));
      const before = await bench.device.snapshot();
      expect((await failure(session.update(state, bench.rule('web', 9443)))).code).toBe('foreign');
      expect(await bench.device.snapshot()).toEqual(before);
      expect(await bench.session().read(state)).toEqual(state);
    },
  );

  needs(bench, ['crash', 'ids'], 'an entry of another owner is not ours', async () => {
    const forward = bench.forward(8443);
    const id = 'shop/staging/web';
    await bench.device.addOurs(makeTag(id, forward, 0), id, forward);
    const before = await bench.device.snapshot();
    const error = await failure(bench.session().create(bench.rule('web', 8443)));
    expect(error.code).toBe('foreign');
    expect(error.message).toContain('shop/staging');
    expect(await bench.device.snapshot()).toEqual(before);
  });
}
