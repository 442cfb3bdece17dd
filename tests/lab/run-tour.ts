import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { compiled } from '../../lab/namespaces/compiled';
import type { StepReport } from '../../lab/tour/step';

/** Runs the real `npm start` part after the build. */
export function tour(
  argv: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ status: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...env }, maxBuffer: 1e8 };
    execFile(process.execPath, [compiled('lab/tour/main.js'), ...argv], options, (error, out, err) =>
      resolve({ status: error ? Number(error.code) : 0, out, err }),
    );
  });
}

/** What is not as it should be, for a message that says why. */
export function complaints(reports: readonly StepReport[]): string[] {
  return reports
    .filter(({ ok }) => !ok)
    .map((step) => `${step.name}: ${step.error}\n${JSON.stringify(step, null, 1)}`);
}

/** Directories of tours that have not cleaned up. */
export function leftovers(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('portforward-tour-'));
}
