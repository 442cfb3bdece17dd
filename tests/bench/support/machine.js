const { spawnSync } = require('node:child_process');
const { existsSync, readFileSync } = require('node:fs');
const { availableParallelism, release, totalmem } = require('node:os');
const { join } = require('node:path');
const { sbinPath } = require('../../../dist/lab/namespaces/guard');
const { hclEngines, presentHcl } = require('../../../dist/lab/tour/find-hcl');
const { pulumiBin } = require('./pulumi-project');

/** What the figures were taken on, in words that say nothing of whose machine it is. */
async function describeMachine() {
  const bin = await pulumiBin();
  return {
    CPU: `${cpuModel()}, ${availableParallelism()} cores`,
    memory: `${Math.round(totalmem() / 1e9)} GB`,
    system: `${distribution()}, Linux ${release()}`,
    node: process.versions.node,
    nft: said('nft', ['--version'])
      .replace(/^nftables /, '')
      .replace(/ \(.*/, ''),
    conntrack: said('conntrack', ['--version'])
      .replace(/^conntrack /, '')
      .replace(/ \(.*/, ''),
    'Pulumi CLI': bin === null ? 'none' : said(join(bin, 'pulumi'), ['version']),
    '@pulumi': require('@pulumi/pulumi/package.json').version,
    ...Object.fromEntries(hclEngines.map((name) => [name, versionOf(name)])),
    date: new Date().toISOString().slice(0, 10),
  };
}

function versionOf(engine) {
  const command = presentHcl(engine);
  return command === undefined
    ? 'none'
    : (/^\S+ v(\S+)$/m.exec(said(command, ['version'], Infinity))?.[1] ?? 'none');
}

function cpuModel() {
  const text = existsSync('/proc/cpuinfo') ? readFileSync('/proc/cpuinfo', 'utf8') : '';
  return /^model name\s*:\s*(.+)$/m.exec(text)?.[1] ?? process.arch;
}

function distribution() {
  const text = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return /^PRETTY_NAME="?([^"\n]+)/m.exec(text)?.[1] ?? process.platform;
}

/** The first line that a command prints, or more of them. */
function said(command, args, lines = 1) {
  const env = {
    ...process.env,
    PATH: sbinPath(process.env.PATH),
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    CHECKPOINT_DISABLE: '1',
  };
  const { status, stdout } = spawnSync(command, args, { env, encoding: 'utf8', timeout: 20_000 });
  return status === 0 ? stdout.trim().split('\n').slice(0, lines).join('\n') : 'none';
}

module.exports = { describeMachine };
