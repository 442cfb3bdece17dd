const { addresses } = require('../../dist/lab');
const { additions, AgentClient } = require('./support/agent-client');
const { compare, interleave, single } = require('./support/measure');
const { missingForLab } = require('./support/needs');
const { missingForPackets, PacketGateway } = require('./support/packet-gateway');
const { withPlaces } = require('./support/places');
const { wantedRules } = require('./support/rules');

const title = 'One packet of a new connection, whole way from the internet through the gateway to the server';

/** A connection's first packet through a single hand-written rule: what any forward costs in this kernel. */
const PLAIN = `
add table ip plain
add chain ip plain incoming { type nat hook prerouting priority -100; }
add rule ip plain incoming ip daddr ${addresses.gateway.wan} udp dport 10000 dnat to ${addresses.server.lan}:8000
`;

async function run({ quick, say }) {
  const sizes = quick ? [10, 1000] : [10, 1000, 10_000];
  const flows = quick ? 1000 : 5000;
  return withPlaces(async (open) => {
    const subjects = {};
    const both = (gateway, port) => async () => {
      const fresh = await gateway.newFlows(flows, port);
      return { fresh, known: await gateway.sameFlows(flows, port) };
    };
    for (const size of sizes) {
      const gateway = await open(PacketGateway.start((lab) => fill(lab, size)));
      subjects[size] = both(gateway, 10_000 + size - 1);
      say(`${size} rules are in place`);
    }
    subjects.plain = both(await open(PacketGateway.start((lab) => lab.nft(PLAIN))), 10_000);
    for (const once of Object.values(subjects)) await once();
    const taken = await interleave(subjects, { repeats: quick ? 5 : 41, seconds: 90 });
    const of = (subject, part) => taken[subject].map((one) => one[part]);
    const [first, last] = [sizes[0], sizes.at(-1)];
    const micro = { unit: 'us' };
    return [
      ...sizes.map((size) => single(`new connection, ${size} rules`, of(size, 'fresh'), micro)),
      compare(`new connection, ${last} rules against ${first}`, of(last, 'fresh'), of(first, 'fresh'), {
        ...micro,
        goal: 1.2,
      }),
      compare(
        `new connection, ${first} rules against one plain dnat`,
        of(first, 'fresh'),
        of('plain', 'fresh'),
        micro,
      ),
      compare(
        `known connection, ${last} rules against ${first}`,
        of(last, 'known'),
        of(first, 'known'),
        micro,
      ),
    ];
  });
}

/** By the agent, in batches that its limits take. */
async function fill(lab, size) {
  const agent = await lab.startAgent({ arguments: ['--max-rules', '20000'] });
  const client = new AgentClient(agent.socket);
  const rules = wantedRules(size, { protocol: 'udp' });
  for (let at = 0; at < size; at += 2000) await client.batch(additions(rules.slice(at, at + 2000)));
}

module.exports = { title, missing: () => missingForLab() ?? missingForPackets(), run };
