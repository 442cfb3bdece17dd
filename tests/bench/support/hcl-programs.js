const { SOURCE } = require('../../../dist/provider/terraform/source');
const { inputsOf } = require('./rules');

const { internalAddress, internalPort } = inputsOf(0);

const VALUES = `name = "rule-\${count.index}"
  external_port = 10000 + count.index
  internal_address = "${internalAddress}"
  internal_port = ${internalPort}`;

/** So many rules on the agent at this socket. */
function rulesProgram(socket, count) {
  return `terraform {
  required_providers {
    portforward = { source = "${SOURCE}" }
  }
}

provider "portforward" {
  kind = "agent"
  socket = ${JSON.stringify(socket)}
  name = "home"
  owner = "bench/dev"
}

resource "portforward_rule" "rule" {
  count = ${count}
  ${VALUES}
}
`;
}

/** The floor of a plan: as many resources of the engine's own, which hold the same values. */
function dataProgram(count) {
  return `resource "terraform_data" "rule" {
  count = ${count}
  input = {
  ${VALUES}
  }
}
`;
}

module.exports = { dataProgram, rulesProgram };
