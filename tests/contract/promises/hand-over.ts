import { type Bench, failure, needs } from '../kit';

/** Ports that go from one rule of ours to another in one run: engines create and update first, and delete last. */
export function handOver(bench: Bench): void {
  const put = async (ports: Readonly<Record<string, number | string>>) => {
    const session = bench.session();
    const states = await Promise.all(
      Object.entries(ports).map(
        async ([name, port]) => [name, await session.create(bench.rule(name, port))] as const,
      ),
    );
    return Object.fromEntries(states);
  };
  type States = Awaited<ReturnType<typeof put>>;
  const state = (states: States, name: string) => {
    const found = states[name];
    if (!found) throw new Error(`no state of ${name}`);
    return found;
  };
  const settled = async (states: States): Promise<void> => {
    for (const one of Object.values(states)) expect(await bench.session().read(one)).toEqual(one);
    const entries = Object.values(states).flatMap((one) => one.entries.map(({ tag }) => tag));
    expect((await bench.tagged()).map(({ tag }) => tag).sort()).toEqual(entries.sort());
  };

  for (const parallel of [false, true]) {
    const how = parallel ? 'in parallel' : 'one at a time';
    const all = async (steps: readonly (() => Promise<unknown>)[]): Promise<void> => {
      if (parallel) await Promise.all(steps.map((step) => step()));
      else for (const step of steps) await step();
    };

    needs(bench, ['ids'], `rename, ${how}`, async () => {
      const old = await put({ web: 8443 });
      const next: States = {};
      const session = bench.session();
      await all([
        async () => {
          next.www = await session.create(bench.rule('www', 8443));
        },
        () => session.delete(state(old, 'web')),
      ]);
      await settled(next);
    });

    needs(bench, ['ids'], `swap, ${how}`, async () => {
      const old = await put({ a: 8001, b: 8002 });
      const next: States = {};
      const session = bench.session();
      await all(
        [
          ['a', 8002],
          ['b', 8001],
        ].map(([name, port]) => async () => {
          next[name as string] = await session.update(
            state(old, name as string),
            bench.rule(name as string, port as number),
          );
        }),
      );
      await settled(next);
    });

    needs(bench, ['ids'], `rotation of three, ${how}`, async () => {
      const old = await put({ a: 8001, b: 8002, c: 8003 });
      const next: States = {};
      const session = bench.session();
      await all(
        [
          ['a', 8002],
          ['b', 8003],
          ['c', 8001],
        ].map(([name, port]) => async () => {
          next[name as string] = await session.update(
            state(old, name as string),
            bench.rule(name as string, port as number),
          );
        }),
      );
      await settled(next);
    });

    needs(bench, ['ids'], `split, ${how}`, async () => {
      const old = await put({ games: '7000-7003' });
      const next: States = {};
      const session = bench.session();
      await all([
        async () => {
          next.rest = await session.create(bench.rule('rest', '7002-7003'));
        },
        async () => {
          next.games = await session.update(state(old, 'games'), bench.rule('games', '7000-7001'));
        },
      ]);
      await settled(next);
    });

    needs(bench, ['ids'], `merge, ${how}`, async () => {
      const old = await put({ low: '7000-7001', high: '7002-7003' });
      const next: States = {};
      const session = bench.session();
      await all([
        async () => {
          next.low = await session.update(state(old, 'low'), bench.rule('low', '7000-7003'));
        },
        () => session.delete(state(old, 'high')),
      ]);
      await settled(next);
    });
  }

  needs(
    bench,
    ['ids'],
    'the winner alone (--target): the loser reads as gone, and comes back elsewhere',
    async () => {
      const old = await put({ web: 8443 });
      const preview = await bench.session().preview({ ...bench.rule('www', 8443) }, null);
      expect([...preview.losers.keys()]).toEqual([`${state(old, 'web').owner}/web`]);
      expect(preview).toMatchObject({ failures: [], unreachable: null, standing: false });
      const www = await bench.session().create(bench.rule('www', 8443));
      expect(bench.warnings.filter((text) => text.includes('"web"') && text.includes('"www"'))).toHaveLength(
        1,
      );
      expect(await bench.session().read(state(old, 'web'))).toBeNull();
      const web = await bench.session().update(state(old, 'web'), bench.rule('web', 8444));
      await settled({ www, web });
    },
  );

  needs(bench, ['ids'], 'a loser that this run knows is not worth a warning', async () => {
    const old = await put({ web: 8443 });
    const session = bench.session();
    await session.read(state(old, 'web'));
    await session.create(bench.rule('www', 8443));
    await session.delete(state(old, 'web'));
    expect(bench.warnings).toEqual([]);
  });

  test('a preview tells that entries of the very rule stand already', async () => {
    await put({ web: 8443 });
    const preview = await bench.session().preview({ ...bench.rule('web', 8443) }, null);
    expect(preview).toMatchObject({ failures: [], standing: true });
    expect(await bench.session().preview({ ...bench.rule('www', 8444) }, null)).toMatchObject({
      standing: false,
    });
  });

  test('what this very run wrote is never handed over: a second claim is a conflict', async () => {
    const session = bench.session();
    const web = await session.create(bench.rule('web', 8443));
    const error = await failure(session.create(bench.rule('www', 8443)));
    expect(error).toMatchObject({ code: 'conflict', property: 'externalPort' });
    expect(error.message).toContain('"web"');
    expect(error.message).toContain('"www"');
    await settled({ web });
  });

  test('nor what it confirmed', async () => {
    const old = await put({ web: 8443 });
    const session = bench.session();
    const web = await session.update(state(old, 'web'), bench.rule('web', 8443));
    expect((await failure(session.create(bench.rule('www', 8443)))).code).toBe('conflict');
    await settled({ web });
  });

  test('nor what it wrote before it checked the rule with another port', async () => {
    const session = bench.session();
    const web = await session.create(bench.rule('web', 8443));
    await session.check({ ...bench.rule('web', 8444) }, web);
    expect((await failure(session.create(bench.rule('www', 8443)))).code).toBe('conflict');
    await settled({ web });
  });

  test('two claims in one batch: one wins, the other is told why', async () => {
    const session = bench.session();
    const results = await Promise.allSettled([
      session.create(bench.rule('web', 8443)),
      session.create(bench.rule('www', '8443-8444')),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = results.find((result) => result.status === 'rejected');
    expect(lost?.reason).toMatchObject({ code: 'conflict' });
    expect(await bench.tagged()).toHaveLength(
      results.find((result) => result.status === 'fulfilled')?.value.entries.length ?? 0,
    );
  });

  test('in one batch, who has the port keeps it, whoever asked first', async () => {
    const old = await put({ web: 8443 });
    const session = bench.session();
    const [www, web] = await Promise.allSettled([
      session.create(bench.rule('www', 8443)),
      session.update(state(old, 'web'), bench.rule('web', 8443)),
    ]);
    expect(www).toMatchObject({ status: 'rejected', reason: { code: 'conflict' } });
    expect(web.status).toBe('fulfilled');
    expect(await bench.tagged()).toHaveLength(state(old, 'web').entries.length);
  });

  test('a rule that this run checked, and that still wants its port, keeps it', async () => {
    const old = await put({ web: 8443 });
    const session = bench.session();
    expect(await session.check({ ...bench.rule('web', 8443) }, state(old, 'web'))).toEqual([]);
    expect((await failure(session.create(bench.rule('www', 8443)))).code).toBe('conflict');
    await settled(old);
  });

  test('two rules of one name are a conflict, in one batch or in two', async () => {
    const session = bench.session();
    const results = await Promise.allSettled([
      session.create(bench.rule('web', 8443)),
      session.create(bench.rule('web', 8444)),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await failure(session.create(bench.rule('web', 8443)))).toMatchObject({
      code: 'conflict',
      property: 'name',
    });
  });

  test('after its delete a name is free again', async () => {
    const session = bench.session();
    await session.delete(await session.create(bench.rule('web', 8443)));
    const web = await session.create(bench.rule('web', 8444));
    await settled({ web });
  });

  needs(bench, ['ids', 'tamper'], 'an entry that was changed by hand is not handed over', async () => {
    const old = await put({ web: 8443 });
    const [entry] = state(old, 'web').entries;
    await bench.device.tamper(entry?.handle ?? '', {
      traffic: [{ protocol: 'tcp', ports: [{ from: 9443, to: 9443, target: 9443 }] }],
    });
    const error = await failure(bench.session().create(bench.rule('www', 9443)));
    expect(error.code).toBe('conflict');
    expect(error.hint).toContain('refresh');
  });
}
