const { labSupport } = require('../../../dist/lab');
const { pulumiBin } = require('./pulumi-project');

/** Null where this machine can hold the lab, else why not. */
function missingForLab() {
  const support = labSupport();
  return support.supported ? null : support.reason;
}

async function missingForPulumi() {
  return (await pulumiBin()) === null ? 'there is no Pulumi CLI on this machine' : missingForLab();
}

module.exports = { missingForLab, missingForPulumi };
