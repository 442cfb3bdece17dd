import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The engines that read HCL, by the names of their commands. */
export const hclEngines = ['terraform', 'tofu'] as const;
export type HclEngine = (typeof hclEngines)[number];

/** The command of an engine that is on this machine: on PATH, or built by `npm run engine:tofu`; or undefined. */
export function presentHcl(name: HclEngine, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const places = (env.PATH ?? '').split(delimiter).filter(Boolean);
  if (name === 'tofu') places.push(...builtTofus(env));
  return places.map((place) => join(place, name)).find(runs);
}

/** Where scripts/engine-tofu.js puts what it built, the newest first. */
function builtTofus(env: NodeJS.ProcessEnv): string[] {
  const cache = env.XDG_CACHE_HOME?.startsWith('/')
    ? env.XDG_CACHE_HOME
    : join(env.HOME || homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache');
  const base = join(cache, 'portforward', 'opentofu');
  if (!existsSync(base)) return [];
  return readdirSync(base)
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((version) => join(base, version));
}

function runs(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
