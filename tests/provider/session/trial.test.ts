import { MemoryGateway } from '../../../lab/simulators/memory/gateway';
import { cautious } from '../../../lab/simulators/memory/kinds';
import type { Backend } from '../../../provider/backends/backend';
import { partialState } from '../../../provider/session/failures';
import type { Clock } from '../../../provider/session/options';
import { Session } from '../../../provider/session/session';
import { failure, rule } from './device';

/** Pauses pass quickly; the time limits of calls do not. */
const hasty: Clock = {
  now: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms < 10_000 ? ms / 100 : ms);
    return () => clearTimeout(timer);
  },
};

/** A session at a gateway with commit-confirm, to which something happens right after each change on trial. */
function after(happens: (gateway: MemoryGateway, backend: Backend) => void) {
  const gateway = new MemoryGateway({ kind: cautious });
  const backend = gateway.connect();
  const apply = backend.apply.bind(backend);
  backend.apply = async (...args) => {
    const results = await apply(...args);
    happens(gateway, backend);
    return results;
  };
  const place = { owner: 'shop/prod', gatewayName: 'router', endpoint: 'memory:test' };
  return { gateway, session: new Session(backend, { ...place, clock: hasty }) };
}

test('a gateway that falls silent: nothing was confirmed, and it is told when it takes the change back', async () => {
  const { gateway, session } = after(({ faults }) => {
    faults.unreachable = true;
  });
  const error = await failure(session.create(rule('web', 443)));
  expect(error.message).toMatch(
    /^The change for rule "web" was sent, but it was not confirmed, so the gateway takes it back by itself within 60 s: Nothing answers/,
  );
  // Until then it is there: it has to be recorded.
  expect(partialState(error)?.inputs).toEqual(rule('web', 443));
  gateway.faults.unreachable = false;
  gateway.trialEnds();
  expect(gateway.records).toEqual([]);
});

test('a confirmation that does not get through tells the same', async () => {
  const { session } = after(({ faults }) => {
    faults.confirmUnheard = 10;
  });
  const { message } = await failure(session.create(rule('web', 443)));
  expect(message).toMatch(/could not be reached over a new connection.* takes it back by itself within 60 s/);
});

test.each(['confirm', 'rollback'] as const)(
  'a login that was lost, found out at %s: how the gateway stands, and the next step',
  async (method) => {
    const { gateway, session } = after((device, { trials }) => {
      if (!trials) throw new Error('it has no trials');
      if (method === 'rollback') device.trialEnds();
      Object.assign(trials, {
        [method]: async () => {
          device.trialEnds();
          return 'lost';
        },
      });
    });
    const error = await failure(session.create(rule('web', 443)));
    expect(error).toMatchObject({ code: 'unchanged', retryable: true });
    expect(error.message).toMatch(
      /^Rule "web": the gateway took the change back by itself, because the login that made it was lost before .* The gateway is as it was before\. Run again/,
    );
    expect(gateway.records).toEqual([]);
  },
);
