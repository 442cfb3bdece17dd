const { inputsOf } = require('./rules');

const { internalAddress, internalPort } = inputsOf(0);
const ARGUMENTS = `{ externalPort: 10000 + number, internalAddress: '${internalAddress}', internalPort: ${internalPort} }`;

/** What Pulumi's provider process runs for the floor. */
const EMPTY_TEXT =
  'exports.handler=()=>require("module").createRequire(process.cwd()+"/package.json")("./empty.js")';

/** Methods that do nothing, as a file of the program. */
const EMPTY_METHODS = {
  'empty.js': `
exports.check = async (_olds, news) => ({ inputs: news, failures: [] });
exports.diff = async () => ({ changes: false });
exports.create = async (news) => ({ id: news.name, outs: news });
exports.read = async (id, props) => ({ id, props });
exports.update = async (_id, _olds, news) => ({ outs: news });
exports.delete = async () => undefined;
`,
};

/** The source of a program with so many rules. */
function rulesProgram(socket, count) {
  return `
const { Gateway, PortForwardRule } = require('portforward');
const home = new Gateway('home', { kind: 'agent', socket: ${JSON.stringify(socket)} });
for (let number = 0; number < ${count}; number += 1) {
  new PortForwardRule('rule-' + number, ${ARGUMENTS}, { gateway: home });
}
`;
}

/**
 * The floor: as many resources with the same inputs on a provider of their own, through the same dynamic provider of
 * Pulumi's and by the same kind of text, and methods that do nothing.
 */
function emptyProgram(count) {
  return {
    'index.js': `
const { CustomResource, ProviderResource } = require('@pulumi/pulumi');
const home = new ProviderResource('pulumi-nodejs', 'home', { 'empty:kind': 'none' });
const text = ${JSON.stringify(EMPTY_TEXT)};
for (let number = 0; number < ${count}; number += 1) {
  const inputs = { ...${ARGUMENTS}, name: 'rule-' + number, __provider: text };
  new CustomResource('pulumi-nodejs:dynamic/empty:Empty', 'rule-' + number, inputs, { provider: home });
}
`,
    ...EMPTY_METHODS,
  };
}

module.exports = { EMPTY_METHODS, EMPTY_TEXT, emptyProgram, rulesProgram };
