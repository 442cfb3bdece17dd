import { writeSync } from 'node:fs';
import { PortforwardError } from '../../rule/error';
import { starter } from './handshake';
import type { Load } from './provider';
import { serveAttached } from './serve-attached';
import { serveEngine } from './serve-engine';
import { usage, wishOf } from './usage';

export interface ServeOptions {
  /** Of this package. */
  readonly version: string;
  /** What users write as `source`, without a host: `namespace/type`. */
  readonly source: string;
}

/**
 * The whole life of a provider process: serves whoever started it, or says what this is. `load` makes the handlers, once
 * under an engine, and once per connection with `--attach`.
 */
export async function serve(load: Load, { version, source }: ServeOptions): Promise<void> {
  const { env } = process;
  const caller = starter(env);
  try {
    switch (wishOf(process.argv.slice(2))) {
      case 'version':
        return console.log(version);
      case 'help':
        return console.log(usage(version, source));
      case 'attach':
        return await serveAttached(load, source, env);
      case 'serve':
        if (caller === 'engine') return await serveEngine(load, env);
        if (caller === 'stranger') throw notForYou();
        console.error(usage(version, source));
        process.exitCode = 1;
    }
  } catch (error) {
    fail(error, caller === 'person' ? 2 : 1);
  }
}

function notForYou(): PortforwardError {
  return new PortforwardError(
    'version',
    'This is a plugin for Terraform and OpenTofu, not for the program that started it.',
  );
}

/** Engines show the first line on stdout where they expected the handshake; it must not look like one. */
function fail(error: unknown, descriptor: 1 | 2): never {
  const text = error instanceof Error ? error.message : String(error);
  try {
    writeSync(descriptor, `${text.replace(/\s*[\r\n]+\s*/g, ' ').replaceAll('|', '/')}\n`);
  } catch {
    // Whoever started us is gone: there is nobody to tell.
  }
  process.exit(1);
}
