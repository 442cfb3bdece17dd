const { mkdirSync, symlinkSync, writeFileSync } = require('node:fs');
const { dirname, join, resolve } = require('node:path');

const root = resolve(__dirname, '..', '..', '..');

/** A directory of a user's program inside the lab's, in which this package is installed as npm would link it. */
class ProgramDirectory {
  constructor(lab, name, files) {
    this.path = join(lab.directory, name);
    mkdirSync(this.path, { mode: 0o700 });
    const all = { 'package.json': JSON.stringify({ name, private: true }), ...files };
    for (const [file, text] of Object.entries(all)) writeFileSync(join(this.path, file), text);
    this.link('portforward', root);
    this.link('@pulumi/pulumi', dirname(require.resolve('@pulumi/pulumi/package.json')));
  }

  link(name, target) {
    const path = join(this.path, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(target, path, 'dir');
  }
}

module.exports = { ProgramDirectory };
