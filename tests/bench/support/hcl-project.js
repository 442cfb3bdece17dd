const { mkdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { presentHcl } = require('../../../dist/lab/tour/find-hcl');
const { SOURCE } = require('../../../dist/provider/terraform/source');
const { overrides } = require('./hcl-provider');
const { timed } = require('./measure');

/** Milliseconds for one command, many times what it takes: a hang must end. */
const LIMIT = 900_000;

/** What docs and tour pass; the engines' own default is 10. */
const WIDE = '-parallelism=64';

/** One file of HCL with a state of its own, for a real engine on a host of the lab's LAN. Nothing has to be initialised. */
class HclProject {
  /** `way`: how the provider is run, a name of hcl-provider.js; null = the program needs none. */
  constructor(lab, engine, name, program, way) {
    this.lab = lab;
    this.command = presentHcl(engine);
    this.directory = join(lab.directory, name);
    const temporary = join(this.directory, 'tmp');
    mkdirSync(temporary, { recursive: true, mode: 0o700 });
    writeFileSync(join(this.directory, 'main.tf'), program);
    this.env = {
      PATH: process.env.PATH,
      HOME: this.directory,
      TMPDIR: temporary,
      TF_CLI_CONFIG_FILE: way === null ? '/dev/null' : overrides(this.directory, SOURCE, way),
      CHECKPOINT_DISABLE: '1',
      TF_INPUT: '0',
      TF_CLI_ARGS: '-no-color',
    };
  }

  /** As if nothing had ever been applied. */
  forget() {
    for (const file of ['terraform.tfstate', 'terraform.tfstate.backup'])
      rmSync(join(this.directory, file), { force: true });
  }

  /** Milliseconds of an apply, without a plan that is shown before it. */
  apply() {
    return timed(() => this.run(['apply', '-auto-approve', WIDE]));
  }

  destroy() {
    return timed(() => this.run(['destroy', '-auto-approve', WIDE]));
  }

  /** Milliseconds of a plan that must find nothing to do. */
  plan(env = {}) {
    return timed(() => this.run(['plan', '-detailed-exitcode', WIDE], env));
  }

  /** The same of what is there alone, without what shall be there. */
  refresh() {
    return timed(() => this.run(['plan', '-refresh-only', '-detailed-exitcode', WIDE]));
  }

  /** Megabytes that the largest of a plan's provider processes took. */
  async memory() {
    const file = join(this.directory, 'high-water');
    const config = overrides(this.directory, SOURCE, 'watched');
    await this.plan({ TF_CLI_CONFIG_FILE: config, BENCH_HIGH_WATER: file });
    const kilobytes = readFileSync(file, 'utf8').trim().split('\n').map(Number);
    return (Math.max(...kilobytes) * 1024) / 1e6;
  }

  /** Runs a command that has to end well. */
  async run(args, env = {}) {
    const { code, stdout, stderr } = await this.lab.exec('desk', [this.command, ...args], {
      cwd: this.directory,
      env: { ...this.env, ...env },
      signal: AbortSignal.timeout(LIMIT),
    });
    if (code !== 0)
      throw new Error(`${args.join(' ')} ended with ${code}:\n${(stdout + stderr).slice(-3000)}`);
  }
}

module.exports = { HclProject };
