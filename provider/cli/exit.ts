import { CommanderError } from 'commander';
import { hasCode } from '../rule/error';
import { harmless, paint, type Terminal } from './terminal';

/** What a command's exit status says. Scripts rely on it. */
export const EXIT = {
  /** Done, nothing to complain about. */
  ok: 0,
  /** Findings, or it failed. */
  failed: 1,
  /** Wrong flags or arguments; nothing was tried. */
  usage: 2,
  /** The gateway, engine or lab could not be had. */
  unavailable: 3,
} as const;

/** Tells an error in one sentence and its next step, and returns the exit status. */
export function report(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) {
    // Commander has printed the help or the complaint already.
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  terminal.err(`${paint(terminal, 'red', 'error:')} ${harmless(messageOf(error))}`);
  return exitOf(error);
}

/** The exit status that belongs to an error. */
export function exitOf(error: unknown): number {
  if (hasCode(error, 'invalid')) return EXIT.usage;
  if (hasCode(error, 'unreachable', 'timeout', 'credential', 'denied', 'version', 'unsupported')) {
    return EXIT.unavailable;
  }
  return EXIT.failed;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
