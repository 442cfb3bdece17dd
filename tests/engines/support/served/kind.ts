import type { BackendKind } from '../../../../provider/backends/kind';
import { ServedBackend } from './client';

interface ServedConfig {
  readonly at: string;
  readonly trials: boolean;
}

/** A gateway that a test serves, as a kind of its own: engines and their providers reach it from wherever they run. */
export const servedKind: BackendKind<ServedConfig> = {
  kind: 'served',
  title: 'gateway that a test serves',
  arguments: {
    at: { type: 'text', required: true, description: 'Its Unix socket.' },
    trials: { type: 'boolean', description: 'Whether it has commit-confirm.' },
  },
  parse: ({ at, trials = false }) => ({ at: at as string, trials: trials as boolean }),
  endpoint: ({ at }) => `served:${at}`,
  connect: ({ at, trials }) => new ServedBackend(at, trials),
};
