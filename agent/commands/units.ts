import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { agentVersion } from '../version';

const NAMES = ['portforward-agent.service', 'portforward-restore.service'] as const;

const PLACES = [
  '/etc/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
];

/** Where the units name the command. */
const COMMAND = '/usr/local/bin/portforward-agent';

/** What to do so that systemd runs the agent; null = both units are installed. `node` = the program that runs it. */
export function unitsAdvice(command = process.argv[1] ?? COMMAND, node = process.execPath): string | null {
  const missing = NAMES.filter((name) => !PLACES.some((place) => existsSync(join(place, name))));
  if (missing.length === 0) return null;
  const directory = unitsDirectory();
  const unfit = unfitReason(command);
  if (unfit !== null)
    return [
      `Not installed as a service yet (${missing.join(', ')}), and a service cannot run ${command}: ${unfit}.`,
      // Not by its name: nobody holds that on the npm registry yet, so anybody could.
      'To start it with the machine, install the package globally. In a clone: npm pack, then',
      `  sudo npm install --global ./portforward-${agentVersion()}.tgz`,
      ...(hidden(node) ? [`with a Node that is installed for everybody: a service cannot see ${node}.`] : []),
      'Then `portforward-agent check` says how to go on.',
    ].join('\n');
  return [
    `Not installed as a service yet (${missing.join(', ')}). To start it with the machine, run:`,
    `  sudo cp ${NAMES.map((name) => join(directory, name)).join(' ')} /etc/systemd/system/`,
    ...(command === COMMAND
      ? []
      : [
          `  sudo sed -i 's|${COMMAND}|${command}|' ${NAMES.map((name) => `/etc/systemd/system/${name}`).join(' ')}`,
        ]),
    '  sudo systemctl daemon-reload && sudo systemctl enable --now portforward-restore portforward-agent',
  ].join('\n');
}

/**
 * Why the units cannot run this command, or null: they run as a user of their own, see no home directory
 * (ProtectHome=yes) and a /tmp of their own (PrivateTmp=yes).
 */
function unfitReason(command: string): string | null {
  if (/(?:^|\/)_npx\//.test(command)) return 'it lies in the cache of npx, which is cleared at any time';
  if (/(?:^|\/)node_modules\/\.bin\//.test(command)) return 'it belongs to one project';
  if (hidden(command)) return 'it lies where no service can see it';
  return runnable(command) ? null : 'it is no command by itself';
}

/** True for what lies in a home or a temporary directory, itself or what a link leads to. */
function hidden(path: string): boolean {
  return [path, real(path)].some((place) => /^\/(?:root|home|run\/user|tmp|var\/tmp)\//.test(place));
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function runnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** `agent/units` of this package, from the sources and from dist/ alike. */
export function unitsDirectory(from = __dirname): string {
  const here = join(from, 'agent', 'units');
  if (existsSync(join(here, NAMES[0])) || dirname(from) === from) return here;
  return unitsDirectory(dirname(from));
}
