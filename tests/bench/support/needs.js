const { spawnSync } = require('node:child_process');
const { labSupport } = require('../../../dist/lab');
const { sbinPath } = require('../../../dist/lab/namespaces/guard');
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

function missingForUpnp() {
  const without = ['miniupnpd', 'upnpc'].find((command) => !isInstalled(command));
  return missingForLab() ?? (without === undefined ? null : `there is no ${without} on this machine`);
}

function isInstalled(command) {
  const env = { ...process.env, PATH: sbinPath(process.env.PATH) };
  return spawnSync('sh', ['-c', `command -v ${command}`], { env }).status === 0;
}

function missingForHcl() {
  const none = hclEngines.every((name) => presentHcl(name) === undefined);
  return none ? 'there is neither Terraform nor OpenTofu on this machine' : missingForLab();
}

module.exports = { missingForHcl, missingForLab, missingForPulumi, missingForUpnp };
