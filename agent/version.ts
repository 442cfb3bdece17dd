import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

let known: string | null = null;

/** The version of this package, found upward from this file: it runs from dist/ and from the sources alike. */
export function agentVersion(): string {
  known ??= search(__dirname);
  return known;
}

function search(directory: string): string {
  try {
    const { name, version } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
      name?: unknown;
      version?: unknown;
    };
    if (name === 'portforward' && typeof version === 'string') return version;
  } catch {
    // Not here: one directory further up.
  }
  const parent = dirname(directory);
  return parent === directory ? '0.0.0' : search(parent);
}
