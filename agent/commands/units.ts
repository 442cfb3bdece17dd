import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const NAMES = ['portforward-agent.service', 'portforward-restore.service'] as const;

const PLACES = [
  '/etc/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
];

/** What to do so that systemd runs the agent; null = both units are installed. */
export function unitsAdvice(): string | null {
  const missing = NAMES.filter((name) => !PLACES.some((place) => existsSync(join(place, name))));
  if (missing.length === 0) return null;
  const directory = unitsDirectory();
  const command = process.argv[1] ?? 'portforward-agent';
  return [
    `Not installed as a service yet (${missing.join(', ')}). To start it with the machine, run:`,
    `  sudo cp ${NAMES.map((name) => join(directory, name)).join(' ')} /etc/systemd/system/`,
    `  sudo sed -i 's|/usr/local/bin/portforward-agent|${command}|' ${NAMES.map((name) => `/etc/systemd/system/${name}`).join(' ')}`,
    '  sudo systemctl daemon-reload && sudo systemctl enable --now portforward-restore portforward-agent',
  ].join('\n');
}

/** `agent/units` of this package, from the sources and from dist/ alike. */
export function unitsDirectory(from = __dirname): string {
  const here = join(from, 'agent', 'units');
  if (existsSync(join(here, NAMES[0])) || dirname(from) === from) return here;
  return unitsDirectory(dirname(from));
}
