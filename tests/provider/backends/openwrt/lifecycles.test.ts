import fc from 'fast-check';
import type { RuleState } from '../../../../provider/session/state';
import { cleanUp, rule, sessionOn, startRouter, tags } from './practice';

afterEach(cleanUp);

/** What a router has beside ours; none of it may ever change. */
const FOREIGN = `
config redirect
	option name 'By hand'
	option src 'wan'
	option src_dport '5000'
	option dest_ip '192.168.1.9'

config redirect 'named'
	option name "It's odd"
	option src 'wan'
	option src_dport '5001'
	option dest_ip '192.168.1.9'
	option weekdays 'Mon Tue'
	list proto 'tcp'
	list proto 'udp'

config rule
	option name 'Open for all'
	option src 'wan'
	option proto 'tcp'
	option dest_port '5002'
	option target 'ACCEPT'

config rule 'half_ours'
	option name 'shop/prod/r1'
	option src 'wan'
	option dest 'lan'
	option dest_ip '2001:db8:1::99'
	option family 'ipv6'
	option target 'ACCEPT'
	option dest_port '5003'
`;

test('1 000 random lifecycles leave what others have byte-identical, and nothing of ours', async () => {
  const router = await startRouter();
  router.byHand.write(`${router.byHand.text()}${FOREIGN}`);
  // uci prints the whole file in its own way when it writes: once, so that afterwards every byte counts.
  const first = sessionOn(router);
  await first.delete(await first.create(rule('first', 6_500)));
  const before = router.byHand.text();
  const port = fc.integer({ min: 6_000, max: 6_400 });
  const inputs = fc.record({
    externalPort: fc.oneof(
      port,
      port.map((from) => `${from}-${from + 1}`),
    ),
    internalAddress: fc.constantFrom('192.168.1.10', '192.168.1.11', 'gateway', '2001:db8:1::10'),
    protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'tcp+udp' as const),
    enabled: fc.boolean(),
    description: fc.constantFrom('', 'Photos', "It's mine"),
  });
  const lifecycle = fc.array(inputs, { minLength: 1, maxLength: 3 });
  const rounds = fc.array(lifecycle, { minLength: 50, maxLength: 50 });
  let lived = 0;
  await fc.assert(
    fc.asyncProperty(rounds, async (lives) => {
      const session = sessionOn(router);
      await Promise.all(
        lives.map(async (steps, index) => {
          let state: RuleState | null = null;
          for (const step of steps) {
            const wanted = rule(`r${index}`, step.externalPort, step);
            const put: Promise<RuleState> = state ? session.update(state, wanted) : session.create(wanted);
            // They take ports from one another; whoever loses keeps what it had.
            state = await put.catch((error) => {
              if (!['conflict', 'foreign', 'stale'].includes(error.code)) throw error;
              return error.state ?? state;
            });
          }
          if (state) await session.delete(state);
          lived += 1;
        }),
      );
      expect(tags(router)).toEqual([]);
      expect(router.byHand.text()).toBe(before);
      await session.close();
    }),
    { numRuns: 20, endOnFailure: true },
  );
  expect(lived).toBeGreaterThanOrEqual(1_000);
});
