import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { kindNames } from '../../provider/backends/registry';

const root = join(__dirname, '..', '..');

/** Folder -> the folders of the house that it may import besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'provider/rule': [],
  // Keys and certificates that sign themselves, for plugins and practice routers.
  'provider/certificate': [],
  'agent/api': ['provider/rule'],
  'provider/backends': ['provider/rule', 'agent/api'],
  'provider/session': ['provider/rule', 'provider/backends'],
  'provider/pulumi': ['provider/rule', 'provider/backends', 'provider/session'],
  'provider/terraform': ['provider/rule', 'provider/backends', 'provider/session', 'provider/terraform/wire'],
  // How engines speak with a plugin has nothing to do with rules and gateways.
  'provider/terraform/wire': ['provider/rule', 'provider/certificate'],
  // The command installs the plugin: it knows what engines call it, and nothing of what it does.
  'provider/cli': [
    'provider/rule',
    'provider/backends',
    'provider/session',
    'provider/terraform',
    'provider/terraform/wire',
    'lab',
  ],
  sdk: ['provider/rule', 'provider/backends', 'provider/pulumi'],
  agent: ['provider/rule', 'agent/api'],
  lab: [
    'provider/rule',
    'provider/certificate',
    'provider/backends',
    'provider/session',
    'agent',
    'agent/api',
  ],
  // The tour is a program of its own, as the command is.
  'lab/tour': ['provider/rule', 'provider/cli', 'lab', 'agent'],
};

/** Package -> the places that may import it. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  '@pulumi/': ['sdk', 'provider/pulumi'],
  '@grpc/': ['provider/terraform/wire'],
  'protobufjs/': ['provider/terraform/wire'],
  '@msgpack/': ['provider/terraform/codec'],
  undici: ['provider/backends/http'],
  'node:child_process': ['agent', 'lab', 'provider/cli'],
  cdktf: ['sdk/generated/cdktf'],
  cdktn: ['sdk/generated/cdktn'],
  constructs: ['sdk/generated'],
};

function sources(directory: string): string[] {
  return readdirSync(join(root, directory), { withFileTypes: true }).flatMap((entry) => {
    const path = `${directory}/${entry.name}`;
    if (entry.isDirectory()) return sources(path);
    return /\.ts$/.test(entry.name) ? [path] : [];
  });
}

function roomOf(path: string): string {
  const rooms = Object.keys(MAY_IMPORT).filter((room) => path === room || path.startsWith(`${room}/`));
  return rooms.sort((a, b) => b.length - a.length)[0] ?? path;
}

function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8');
  return [...text.matchAll(/(?:from|import|require)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] as string);
}

const files = ['sdk', 'provider', 'agent', 'lab'].flatMap(sources);

test('there is a house to look at', () => {
  expect(files.length).toBeGreaterThan(40);
});

test('dependencies point one way', () => {
  const wrong = files.flatMap((path) =>
    importsOf(path)
      .filter((target) => target.startsWith('.'))
      .map((target) => relative(root, join(root, dirname(path), target)))
      .filter((target) => {
        const [from, to] = [roomOf(path), roomOf(target)];
        return from !== to && !(MAY_IMPORT[from] ?? []).includes(to);
      })
      .map((target) => `${path} -> ${target}`),
  );
  expect(wrong).toEqual([]);
});

test('engines, HTTP and child processes stay in their rooms', () => {
  const wrong = files.flatMap((path) =>
    importsOf(path).flatMap((target) =>
      Object.entries(PACKAGES)
        .filter(([name]) => (name.endsWith('/') ? target.startsWith(name) : target === name))
        .filter(([, rooms]) => !rooms.some((room) => path === room || path.startsWith(`${room}/`)))
        .map(([name]) => `${path} imports ${name}`),
    ),
  );
  expect(wrong).toEqual([]);
});

test('nothing branches on the kind of gateway outside backends', () => {
  const branch = new RegExp(`(===|!==|case) '(${kindNames().join('|')})'`);
  const wrong = files
    .filter((path) => !path.startsWith('provider/backends/'))
    .filter((path) => branch.test(readFileSync(join(root, path), 'utf8')));
  expect(kindNames()).toContain('agent');
  expect(wrong).toEqual([]);
});
