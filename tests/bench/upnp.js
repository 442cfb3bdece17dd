const { addresses } = require('../../dist/lab');
const { missingForMiniupnpd } = require('../../dist/lab/services/miniupnpd');
const { compare, interleave, single } = require('./support/measure');
const { withPlaces } = require('./support/places');
const { UpnpNetwork } = require('./support/upnp-network');

const title =
  'UPnP, the real miniupnpd; floor: the very same SOAP calls by a bare client that knows where to';

const rulesOf = (count) =>
  Array.from({ length: count }, (_, number) => ({
    ...{ name: `rule-${number}`, externalPort: 10_000 + number },
    ...{ internalAddress: addresses.server.lan, internalPort: 8000 },
  }));

async function run({ quick, say }) {
  const count = quick ? 10 : 100;
  return withPlaces(async (open) => {
    const network = await open(UpnpNetwork.start());
    return [
      ...(await measureMappings(network, count, { quick, say })),
      ...(await measureReady(network, { quick, say })),
    ];
  });
}

/** All mappings from nothing, and a reading of all of them. */
async function measureMappings(network, count, { quick, say }) {
  const rules = rulesOf(count);
  const mappings = rules.flatMap(({ internalPort, externalPort }) => [internalPort, externalPort, 'TCP']);
  const subject = (op, request) => async () => {
    await network.clear();
    const { create, refresh } = await network.ask(op, request);
    const there = await network.mappings();
    if (there.length !== count) throw new Error(`${op} left ${there.length} mappings instead of ${count}`);
    say(`${op}: create ${Math.round(create.time)} ms, refresh ${Math.round(refresh.time)} ms`);
    return { create, refresh };
  };
  const taken = await interleave(
    { ours: subject('ours', { rules }), bare: subject('bare'), upnpc: subject('upnpc', { mappings }) },
    { repeats: quick ? 2 : 9, seconds: 240 },
  );
  const row = (what, read, floor, more) => compare(what, taken.ours.map(read), taken[floor].map(read), more);
  const called = (what, read, goal = null) => single(what, taken.ours.map(read), { unit: '', goal });
  const walked = ({ refresh: { actions } }) => actions.GetGenericPortMappingEntry / (count + 1);
  return [
    row(`${count} mappings from nothing`, ({ create }) => create.time, 'bare', { goal: 1.1 }),
    row('  processor time of the client', ({ create }) => create.processor, 'bare'),
    row('  the same against upnpc -r', ({ create }) => create.time, 'upnpc', {
      note: 'upnpc does not look whose a port is before it takes it, and reads no table before and after',
    }),
    row('a refresh of them', ({ refresh }) => refresh.time, 'bare', { goal: 1.1 }),
    row('  processor time of the client', ({ refresh }) => refresh.processor, 'bare'),
    row('  the same against upnpc -l', ({ refresh }) => refresh.time, 'upnpc'),
    ...Object.entries(taken.ours[0].create.actions).map(([action]) =>
      called(`from nothing: ${action}`, ({ create }) => create.actions[action]),
    ),
    called('refresh: walks of the table', (one) => Math.floor(walked(one)), 1),
    ...Object.entries(taken.ours[0].refresh.actions).map(([action]) =>
      called(`refresh: ${action}`, ({ refresh }) => refresh.actions[action]),
    ),
  ];
}

/** From nothing until the gateway is found and known. */
async function measureReady(network, { quick }) {
  await network.clear();
  const { device: udn } = await network.ask('ready', { args: { url: network.router.url } });
  const ready = (args) => async () => (await network.ask('ready', { args })).time;
  const taken = await interleave(
    {
      searched: ready({}),
      named: ready({ udn }),
      known: ready({ url: network.router.url }),
      upnpc: async () => (await network.ask('upnpc -s')).time,
    },
    { repeats: quick ? 2 : 9, seconds: 90 },
  );
  return [
    compare('from nothing to ready, any gateway', taken.searched, taken.upnpc, { note: 'floor: upnpc -s' }),
    compare('from nothing to ready, by its udn', taken.named, taken.upnpc, { note: 'floor: upnpc -s' }),
    single('from nothing to ready, by its url', taken.known),
  ];
}

module.exports = { title, missing: missingForMiniupnpd, run };
