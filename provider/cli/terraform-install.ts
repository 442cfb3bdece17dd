import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Command } from 'commander';
import { SOURCE } from '../terraform/source';
import { HOSTS } from '../terraform/wire/hosts';
import { EXIT } from './exit';
import { harmless, paint, type Terminal } from './terminal';
import { implicitMirror, type Mirror, writeMirror } from './terraform-mirror';

/** `portforward terraform install`: puts the provider where Terraform and OpenTofu find it. */
export function addTerraform(program: Command, terminal: Terminal, done: (status: number) => void): void {
  const terraform = program
    .command('terraform')
    .summary('the provider for Terraform and OpenTofu')
    .description('Commands about the provider for Terraform and OpenTofu.');
  terraform
    .command('install')
    .summary('put the provider where both engines find it')
    .description(
      'Writes the provider into a directory of yours that Terraform and OpenTofu look into, so that `terraform init` ' +
        'finds it with no registry at hand, and prints what your configuration needs. Run again, it changes nothing.',
    )
    .option('--dir <directory>', `the mirror to write into (default: ${implicitMirror(terminal.env)})`)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExit status: 0 it is there, 1 it could not be written, 2 wrong usage, 3 no provider for this system.',
    )
    .exitOverride()
    .copyInheritedSettings(program)
    .action((flags: { readonly dir?: string; readonly json?: boolean }) => {
      const implicit = implicitMirror(terminal.env);
      const mirror = writeMirror(flags.dir ?? implicit);
      const own = ownInstallation(terminal.env);
      const automatic = mirror.directory === implicit && own.length === 0;
      terminal.out(
        flags.json
          ? JSON.stringify(
              { source: SOURCE, ...mirror, automatic, configuration: block(mirror.directory) },
              null,
              2,
            )
          : textOf(mirror, automatic, own, terminal),
      );
      done(EXIT.ok);
    });
}

function textOf(
  mirror: Mirror,
  automatic: boolean,
  own: readonly string[],
  terminal: Pick<Terminal, 'colour' | 'env'>,
): string {
  const { directory, version, platform, outcome } = mirror;
  const did = { written: 'Wrote', kept: 'Already there:', replaced: 'Replaced' }[outcome];
  const name = paint(terminal, 'bold', `${SOURCE} ${version}`);
  const parts = [
    `${did} ${name} (${platform}) in ${harmless(directory)}, for ${HOSTS.join(' and ')}.`,
    outcome === 'replaced' &&
      'Another build of this version was there. Projects that have locked that one need a fresh\n' +
        '`.terraform.lock.hcl`: remove the block of portforward from it and run `init` again.',
    automatic ? 'Both engines look there by themselves: no configuration is needed.' : wanted(mirror, own),
    ['In your project:', '', ...project(version), '', 'then `terraform init`, or `tofu init`.'].join('\n'),
    !onPath('node', terminal.env) &&
      'There is no `node` on PATH, which the provider needs where the engine runs.',
  ];
  return parts.filter(Boolean).join('\n\n');
}

/** What to add, and to which file. */
function wanted({ directory }: Mirror, own: readonly string[]): string {
  if (own.length === 0)
    return [
      'The configuration of the engine, ~/.terraformrc (OpenTofu also: ~/.tofurc), needs these lines:',
      '',
      indented(block(directory)),
    ].join('\n');
  return [
    `The \`provider_installation\` block in ${own.map(harmless).join(' and ')} needs these lines,`,
    'the second in every method that would find it elsewhere, such as `direct`:',
    '',
    indented(fromMirror(directory)),
    '',
    indented(EXCLUDED),
  ].join('\n');
}

/** A source without host means each engine's own. */
const EXCLUDED = `exclude = ["${SOURCE}"]`;

function fromMirror(directory: string): string {
  // In HCL `${` and `%{` begin templates.
  const path = JSON.stringify(directory).replace(/([$%])\{/g, '$1$1{');
  return `filesystem_mirror {\n  path    = ${path}\n  include = ["${SOURCE}"]\n}`;
}

/** The whole block, for a configuration that has none. */
function block(directory: string): string {
  const methods = `${fromMirror(directory)}\ndirect {\n  ${EXCLUDED}\n}`;
  return `provider_installation {\n${indented(methods)}\n}`;
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

function project(version: string): string[] {
  return [
    '  terraform {',
    '    required_providers {',
    `      portforward = { source = "${SOURCE}", version = "${version}" }`,
    '    }',
    '  }',
  ];
}

/** The engines' configuration files that say themselves where providers come from: then nothing is implied. */
function ownInstallation(env: Terminal['env']): string[] {
  const home = env.HOME || homedir();
  const files = env.TF_CLI_CONFIG_FILE
    ? [env.TF_CLI_CONFIG_FILE]
    : [
        join(home, '.terraformrc'),
        join(home, '.tofurc'),
        ...(env.XDG_CONFIG_HOME ? [join(env.XDG_CONFIG_HOME, 'opentofu', 'tofurc')] : []),
      ];
  return files.filter(
    (file) => existsSync(file) && /^\s*provider_installation\b/m.test(readFileSync(file, 'utf8')),
  );
}

function onPath(command: string, env: Terminal['env']): boolean {
  return (env.PATH ?? '').split(delimiter).some((place) => place !== '' && existsSync(join(place, command)));
}
