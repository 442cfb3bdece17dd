import { contentHash, makeTag } from '../../../provider/rule/identity';
import { partialState } from '../../../provider/session/failures';
import { type Bench, failure, needs, OWNER } from '../kit';

/** Entries under one tag: copies that somebody made, and what a crash left behind. */
export function copies(bench: Bench): void {
  const id = `${OWNER}/web`;

  needs(bench, ['copy'], 'a copy under our tag is reported and left alone', async () => {
    const inputs = bench.rule('web', 8443);
    const state = await bench.session().create(inputs);
    const clone = await bench.device.copy(state.entries[0]?.handle ?? '', {
      traffic: [{ protocol: 'tcp', ports: [{ from: 9443, to: 9443, target: 8443 }] }],
    });
    expect(await bench.session().read(state)).toEqual(state);

    const next = await bench.session().update(state, bench.rule('web', 8444));
    expect(bench.warnings.join()).toContain(`handle ${clone}`);
    await bench.session().delete(next);
    expect((await bench.device.snapshot()).map(({ handle }) => handle)).toEqual([clone]);
  });

  needs(bench, ['copy'], 'a copy in the way is a conflict', async () => {
    const state = await bench.session().create(bench.rule('web', 8443));
    const clone = await bench.device.copy(state.entries[0]?.handle ?? '', {
      traffic: [{ protocol: 'tcp', ports: [{ from: 9443, to: 9443, target: 8443 }] }],
    });
    const error = await failure(bench.session().update(state, bench.rule('web', 9443)));
    expect(error.code).toBe('foreign');
    expect(error.message).toContain(`handle ${clone}`);
    expect(await bench.session().read(state)).toEqual(state);
  });

  needs(bench, ['crash'], 'a create that meets its own entry takes it', async () => {
    const inputs = bench.rule('web', 8443);
    const forward = bench.forward(8443);
    const handle = await bench.device.addOurs(makeTag(id, forward, 0), id, forward);
    const state = await bench.session().create(inputs);
    expect(state.entries).toEqual(
      [{ tag: makeTag(id, forward, 0), content: contentHash(forward), handle, permanent: true }].map(
        (entry) => ({ ...entry, permanent: state.entries[0]?.permanent ?? true }),
      ),
    );
    expect(await bench.device.snapshot()).toHaveLength(1);
  });

  needs(bench, ['crash'], 'a create that meets its own tag with other content is a conflict', async () => {
    const forward = bench.forward(9443);
    await bench.device.addOurs(makeTag(id, forward, 0), id, forward);
    const before = await bench.device.snapshot();
    const error = await failure(bench.session().create(bench.rule('web', 8443)));
    expect(error.code).toBe('conflict');
    expect(partialState(error)).toBeNull();
    expect(await bench.device.snapshot()).toEqual(before);
    // The user's word settles it.
    const state = await bench.session().create(bench.rule('web', 8443, { adopt: 'tcp:9443' }));
    expect(await bench.tagged()).toHaveLength(state.entries.length);
  });

  needs(bench, ['crash'], 'a crash between new and old converges in one rerun', async () => {
    const state = await bench.session().create(bench.rule('web', 8443));
    const forward = bench.forward(8444);
    await bench.device.addOurs(makeTag(id, forward, 0), id, forward);

    expect((await bench.session().read(state))?.inputs).toEqual(state.inputs);
    const next = await bench.session().update(state, bench.rule('web', 8444));
    expect((await bench.tagged()).map(({ tag }) => tag)).toEqual([makeTag(id, forward, 0)]);
    expect(await bench.session().read(next)).toEqual(next);
  });

  needs(bench, ['crash'], 'what a crash left goes with the rule', async () => {
    const state = await bench.session().create(bench.rule('web', 8443));
    const forward = bench.forward(8444);
    await bench.device.addOurs(makeTag(id, forward, 0), id, forward);
    await bench.session().delete(state);
    expect(await bench.device.snapshot()).toEqual([]);
  });
}
