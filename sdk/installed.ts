import { createRequire } from 'node:module';
import * as pulumi from '@pulumi/pulumi';

/**
 * Pulumi's provider process looks for this package from the program's directory, not from here. Where only a
 * library of the user's depends on it (as pnpm lays it out), the program would load and every rule fail.
 *
 * Throws RunError with the next step when `portforward` does not resolve from `directory`.
 */
export function assertInstalled(directory: string): void {
  try {
    createRequire(`${directory}/package.json`).resolve('portforward/package.json');
  } catch {
    throw new pulumi.RunError(
      `portforward must be a direct dependency of the program in ${directory}, because Pulumi runs the rules from there: run "npm install" or "pnpm add" in that directory, with the package that you install portforward from.`,
    );
  }
}
