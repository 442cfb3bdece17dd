import { type Bench, failure } from '../kit';

/** Two processes that write to one device at the same time. */
export function writers(bench: Bench): void {
  const create = async (owner: string, base: number, count: number, prefix: string) => {
    const session = bench.session({ owner });
    return Promise.all(
      Array.from({ length: count }, (_, index) =>
        session.create(bench.rule(`${prefix}${index}`, base + index)),
      ),
    );
  };

  test('2 x 200 rules at once: none lost, none doubled', async () => {
    const [left, right] = await Promise.all([
      create('shop/prod', 10_000, 200, 'a'),
      create('shop/staging', 20_000, 200, 'b'),
    ]);
    const wanted = [...left, ...right].flatMap(({ entries }) => entries.map(({ tag }) => tag));
    expect(new Set(wanted).size).toBe(400);
    expect((await bench.tagged()).map(({ tag }) => tag).sort()).toEqual(wanted.sort());
  });

  test('the same 50 rules by two processes at once: each once', async () => {
    const [left, right] = await Promise.all([
      create('shop/prod', 10_000, 50, 'a'),
      create('shop/prod', 10_000, 50, 'a'),
    ]);
    const tags = (states: typeof left) =>
      states.flatMap(({ entries }) => entries.map(({ tag }) => tag)).sort();
    expect(tags(left)).toEqual(tags(right));
    expect((await bench.tagged()).map(({ tag }) => tag).sort()).toEqual(tags(left));
  });

  test('one port claimed by two owners at once: exactly one has it', async () => {
    const results = await Promise.allSettled([
      bench.session({ owner: 'shop/prod' }).create(bench.rule('web', 8443)),
      bench.session({ owner: 'shop/staging' }).create(bench.rule('web', 8443)),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const winner = results.find((result) => result.status === 'fulfilled')?.value;
    const loser = results.find((result) => result.status === 'rejected');
    // A device whose key is the port has refused it itself, before any look could show the other's entry.
    expect(['foreign', 'refused']).toContain(loser?.reason.code);
    expect((await bench.tagged()).map(({ tag }) => tag)).toEqual(winner?.entries.map(({ tag }) => tag));
  });

  test('while the other owner keeps writing, an update still gets through', async () => {
    const state = await bench.session().create(bench.rule('web', 8443));
    const busy = bench.session({ owner: 'shop/staging' });
    const [next] = await Promise.all([
      bench.session().update(state, bench.rule('web', 8444)),
      ...Array.from({ length: 5 }, (_, index) => busy.create(bench.rule(`x${index}`, 9000 + index))),
    ]);
    expect(await bench.session().read(next)).toEqual(next);
    expect(await bench.tagged()).toHaveLength(6);
    expect((await failure(busy.create(bench.rule('late', 8444)))).code).toBe('foreign');
  });
}
