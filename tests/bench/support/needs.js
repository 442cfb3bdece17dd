const { labSupport } = require('../../../dist/lab');
const { hclEngines, presentHcl } = require('../../../dist/lab/tour/find-hcl');
const { pulumiBin } = require('./pulumi-project');

/** Null where this machine can hold the lab, else why not. */
function missingForLab() {
  const support = labSupport();
  return support.supported ? null : support.reason;
}

async function missingForPulumi() {
  return (await pulumiBin()) === null ? 'there is no Pulumi CLI on this machine' : missingForLab();
}

function missingForHcl() {
  const none = hclEngines.every((name) => presentHcl(name) === undefined);
  return none ? 'there is neither Terraform nor OpenTofu on this machine' : missingForLab();
}

module.exports = { missingForHcl, missingForLab, missingForPulumi };
