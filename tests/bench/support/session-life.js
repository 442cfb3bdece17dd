const { findKind } = require('../../../dist/provider/backends/registry');
const { Session } = require('../../../dist/provider/session/session');
const { measured } = require('./measured');
const { noteRequests } = require('./sent-requests');

/**
 * What an engine has done in two runs: in the first all rules are created, in the second all are read. Each run is a session of
 * its own, which logs in and out. Gives by run its milliseconds, the processor time of this process, and what was sent.
 */
async function createAndRefresh(kindName, args, rules) {
  const kind = findKind(kindName);
  const config = kind.parse(args, {});
  const run = async (work) => {
    const sent = noteRequests();
    try {
      return { ...(await measured(() => inSession(kind, config, work))), sent: sent.end() };
    } finally {
      sent.end();
    }
  };
  const create = await run((session) => Promise.all(rules.map((inputs) => session.create(inputs))));
  const refresh = await run((session) => Promise.all(create.result.map((state) => session.read(state))));
  if (refresh.result.includes(null)) throw new Error('a rule was gone at the refresh');
  return { create, refresh };
}

async function inSession(kind, config, work) {
  const session = new Session(kind.connect(config), {
    ...{ owner: 'bench/dev', gatewayName: 'gateway', endpoint: kind.endpoint(config) },
    warn: (message) => console.error(message),
  });
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

module.exports = { createAndRefresh };
