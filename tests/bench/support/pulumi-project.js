const { cpSync, mkdirSync, rmSync } = require('node:fs');
const { join } = require('node:path');
const { findPulumi } = require('../../../dist/lab/tour/find-pulumi');
const { timed } = require('./measure');
const { ProgramDirectory } = require('./program-directory');

/** The directory of the Pulumi CLI, or null. Nothing is fetched. */
function pulumiBin() {
  return findPulumi(false, () => undefined).catch(() => null);
}

/** Milliseconds for one command, many times what it takes: a hang must end. */
const LIMIT = 900_000;

/** A JavaScript program with a stack in a file backend of its own, run by the real CLI on a host of the lab's LAN. */
class PulumiProject {
  /** `files`: the program, by file name; index.js is what Pulumi runs. */
  static async create(lab, name, files) {
    const manifest = { 'Pulumi.yaml': `name: ${name}\nruntime: nodejs\n` };
    const { path } = new ProgramDirectory(lab, name, { ...manifest, ...files });
    const project = new PulumiProject(lab, path, await pulumiBin());
    await project.pulumi('stack', 'init', 'dev');
    cpSync(project.state, project.empty, { recursive: true });
    return project;
  }

  constructor(lab, directory, bin) {
    this.lab = lab;
    this.bin = bin;
    this.directory = directory;
    this.state = join(directory, '.state');
    this.empty = join(directory, '.empty');
    const home = join(directory, '.home');
    for (const path of [this.state, home]) mkdirSync(path, { recursive: true, mode: 0o700 });
    this.env = {
      PATH: `${bin}:${process.env.PATH ?? ''}`,
      PULUMI_BACKEND_URL: `file://${this.state}`,
      PULUMI_HOME: home,
      PULUMI_CONFIG_PASSPHRASE: 'bench',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
      NO_COLOR: '1',
    };
  }

  /** The stack as if it had never been used. */
  forget() {
    rmSync(this.state, { recursive: true });
    cpSync(this.empty, this.state, { recursive: true });
  }

  /** Milliseconds of an `up`, without a preview before it. */
  up(...args) {
    return timed(() => this.pulumi('up', '--yes', '--skip-preview', ...args));
  }

  /** Milliseconds of a preview that looks at what is really there. */
  refresh(...args) {
    return timed(() => this.pulumi('preview', '--refresh', '--run-program', ...args));
  }

  /** Runs a command that has to end well. */
  async pulumi(...args) {
    const { code, stdout, stderr } = await this.lab.exec(
      'desk',
      [join(this.bin, 'pulumi'), ...args, '--non-interactive', '--color', 'never'],
      { cwd: this.directory, env: this.env, signal: AbortSignal.timeout(LIMIT) },
    );
    if (code === 0) return stdout;
    throw new Error(`pulumi ${args.join(' ')} ended with ${code}:\n${(stdout + stderr).slice(-3000)}`);
  }
}

module.exports = { PulumiProject, pulumiBin };
