const { compare, interleave, single } = require('./support/measure');
const { OpenwrtRouter } = require('./support/openwrt-router');
const { withPlaces } = require('./support/places');
const { repeatUbus } = require('./support/repeat-ubus');
const { createAndRefresh } = require('./support/session-life');

const title =
  'OpenWrt, simulated in a process of its own, over HTTPS; floor: the very same ubus calls by a bare client';

/** One port each to another one of a host of the simulated LAN. */
const rulesOf = (count) =>
  Array.from({ length: count }, (_, number) => ({
    ...{ name: `rule-${number}`, externalPort: 10_000 + number },
    ...{ internalAddress: '192.168.1.10', internalPort: 8000 },
  }));

async function run({ quick, say }) {
  const count = quick ? 50 : 500;
  const rules = rulesOf(count);
  return withPlaces(async (open) => {
    // procd waits for a second before it reloads the firewall; without that only the work is left.
    const [usual, eager] = [await open(OpenwrtRouter.start(1000)), await open(OpenwrtRouter.start(0))];
    const taken = await interleave(
      { ...subjects('', usual, rules, say), ...subjects(' at once', eager, rules, say) },
      { repeats: quick ? 2 : 9, seconds: 180 },
    );
    const rows = (what, suffix, more) =>
      rowsOf(what, taken[`ours${suffix}`], taken[`bare${suffix}`], { goal: 1.1, ...more });
    return [
      ...rows(`create ${count} rules and refresh them`, ''),
      ...rows('the same where the router reloads at once', ' at once'),
      ...countsOf(taken.ours),
    ];
  });
}

/** Ours, and the bare client that repeats what ours sent to the same router. */
function subjects(suffix, router, rules, say) {
  let example = null;
  const subject = async (name, work) => {
    await router.ask('clear');
    const before = router.processor;
    const life = await work();
    const processor = router.processor - before;
    const told = await router.ask('told');
    const [create, refresh] = [life.create, life.refresh].map(({ time }) => Math.round(time));
    say(`${name}${suffix}: create ${create} ms, refresh ${refresh} ms`);
    return { ...life, router: processor, told };
  };
  return {
    [`ours${suffix}`]: async () => {
      const ours = await subject('ours', () => createAndRefresh('openwrt', router.gateway, rules));
      example = { ...ours, create: withCalls(ours.create), refresh: withCalls(ours.refresh) };
      return example;
    },
    [`bare${suffix}`]: async () => {
      const { create, refresh, told } = example;
      const bare = await subject('bare', () => repeatUbus(router.url, { create, refresh }));
      mustBeAlike(bare.told, told);
      return bare;
    },
  };
}

function rowsOf(what, ours, bare, { goal }) {
  const row = (name, read, more) => compare(name, ours.map(read), bare.map(read), more);
  return [
    row(what, (one) => one.create.time + one.refresh.time, { goal }),
    row('  of it the creates', ({ create }) => create.time),
    row('  of it the refresh', ({ refresh }) => refresh.time),
    row('  processor time of the client', (one) => one.create.processor + one.refresh.processor),
    row('  processor time of the router', ({ router }) => router),
  ];
}

function countsOf(ours) {
  const count = (what, read, goal = null) => single(what, ours.map(read), { unit: '', goal });
  return [
    count('create: logins', ({ create }) => callsIn(create).logins, 1),
    count('create: changes made live', ({ told }) => told.applied, 1),
    count('create: looks', ({ create }) => callsIn(create).looks),
    count('create: requests', ({ create }) => create.sent.length),
    count('refresh: logins', ({ refresh }) => callsIn(refresh).logins, 1),
    count('refresh: looks', ({ refresh }) => callsIn(refresh).looks, 2),
    count('refresh: requests', ({ refresh }) => refresh.sent.length),
  ];
}

/** With the calls that each request holds. */
function withCalls({ sent, ...run }) {
  return { ...run, sent: sent.map((one) => ({ ...one, calls: [JSON.parse(one.body)].flat() })) };
}

/** A look reads the configuration, the networks and the firewall's chains in one request. */
function callsIn({ sent }) {
  const requests = sent.map(({ calls }) =>
    calls.map(({ params: [, object, method] }) => `${object} ${method}`),
  );
  const having = (...names) => requests.filter((one) => names.every((name) => one.includes(name))).length;
  return { logins: having('session login'), looks: having('uci get', 'network.interface dump', 'file exec') };
}

/** The floor has done the same work: as many calls of each kind but for waiting, with the same configuration at the end. */
function mustBeAlike(bare, ours) {
  const { 'file.exec': ourWaiting, ...ourCalls } = ours.calls;
  const { 'file.exec': bareWaiting, ...bareCalls } = bare.calls;
  const pairs = [
    [bareCalls, ourCalls],
    [bare.applied, ours.applied],
    [bare.file, ours.file],
  ];
  if (pairs.some(([one, other]) => JSON.stringify(one) !== JSON.stringify(other)))
    throw new Error(`the bare client did not do the same: ${JSON.stringify([bareCalls, ourCalls])}`);
}

module.exports = { title, missing: () => null, run };
