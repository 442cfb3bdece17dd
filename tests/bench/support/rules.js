const { addresses } = require('../../../dist/lab');
const { makeTag, ruleId } = require('../../../dist/provider/rule/identity');
const { normalise } = require('../../../dist/provider/rule/normalise');

/** The rule of this number, as a user would declare it: one port to another one of the LAN's server. */
function inputsOf(number, changed = 0) {
  return {
    externalPort: 10_000 + number,
    internalAddress: addresses.server.lan,
    internalPort: 8000 + changed,
  };
}

/** The same as the agent takes it. */
function wantedOf(number, { changed = 0, protocol = 'tcp' } = {}) {
  const name = `rule-${number}`;
  const id = ruleId('bench/dev', name);
  const { forward } = normalise({ name, protocol, ...inputsOf(number, changed) });
  return { id, tag: makeTag(id, forward, 0), forward };
}

function wantedRules(count, options) {
  return Array.from({ length: count }, (_, number) => wantedOf(number, options));
}

module.exports = { inputsOf, wantedOf, wantedRules };
