import fc from 'fast-check';
import { MemoryGateway } from '../../../lab/simulators/memory/gateway';
import * as kinds from '../../../lab/simulators/memory/kinds';
import { conflicts } from '../../../provider/rule/conflicts';
import { systemClock } from '../../../provider/session/clock';
import { partialState } from '../../../provider/session/failures';
import type { Clock } from '../../../provider/session/options';
import { Session } from '../../../provider/session/session';
import type { RuleState } from '../../../provider/session/state';
import { rule } from './device';

/** No time is lost on lingering. */
const quick: Clock = {
  ...systemClock,
  after: (ms, callback, hold) => systemClock.after(hold ? ms / 20 : ms, callback, hold),
};

const kind = fc.constantFrom(kinds.rich, kinds.poor, kinds.leased, kinds.sequential);
const port = fc.constantFrom<number | string>(8001, 8002, 8003, 8004, '8001-8002', '8003-8004', '8002,8004');
const write = fc.record({ writer: fc.constantFrom(0, 1), port, wait: fc.integer({ min: 0, max: 6 }) });

test('two writers at once never end with one port in two hands, nor lose what they were promised', async () => {
  await fc.assert(
    fc.asyncProperty(kind, fc.array(write, { minLength: 2, maxLength: 8 }), async (chosen, writes) => {
      const gateway = new MemoryGateway({ kind: chosen });
      const sessions = ['shop/prod', 'shop/staging'].map(
        (owner) =>
          new Session(gateway.connect(), {
            owner,
            gatewayName: 'router',
            endpoint: 'memory:test',
            clock: quick,
          }),
      );
      const results = await Promise.allSettled(
        writes.map(async ({ writer, port, wait }, index) => {
          for (let turn = 0; turn < wait; turn += 1) await new Promise(setImmediate);
          return (sessions[writer] as Session).create(rule(`r${index}`, port));
        }),
      );
      await Promise.all(sessions.map((session) => session.close()));

      const live = gateway.records.map(({ handle, forward }) => ({ name: handle, forward }));
      expect(conflicts(live)).toEqual([]);
      const promised = results.flatMap((result): readonly RuleState[] =>
        result.status === 'fulfilled' ? [result.value] : [],
      );
      const handles = promised.flatMap(({ entries }) => entries.map(({ handle }) => handle));
      expect(gateway.records.map(({ handle }) => handle).sort()).toEqual(handles.sort());
      for (const result of results) {
        if (result.status === 'fulfilled') continue;
        expect(['conflict', 'foreign']).toContain(result.reason.code);
        expect(partialState(result.reason)).toBeNull();
      }
    }),
    { numRuns: Number(process.env.PORTFORWARD_RUNS ?? 60) },
  );
}, 60_000);
