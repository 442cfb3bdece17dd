/** What an engine printed, and how it ended. */
export interface EngineRun {
  /** As a person would type it in the project. */
  readonly command: string;
  /** Exit status; null when a signal ended it. */
  readonly code: number | null;
  readonly output: string;
}

/** A rule that the story adds to the quickstart's program. */
export interface ExtraRule {
  readonly name: string;
  readonly externalPort: string;
  readonly internalAddress: string;
}

/**
 * The seam between the story and an engine: one file per engine implements it. Every method runs the engine to its
 * end; a failing engine is an answer, not an error.
 */
export interface Engine {
  /** As it calls itself, with its version: `Pulumi 3.259.0`. */
  readonly title: string;
  /** Shows what would change, with nothing written anywhere. */
  preview(): Promise<EngineRun>;
  /** Makes it so. `refresh` = looks at the live gateway first. */
  up(options?: { readonly refresh?: boolean }): Promise<EngineRun>;
  /** Compares the live gateway with the program, property by property. Writes nothing. */
  drift(): Promise<EngineRun>;
  /** Removes every rule of the program. */
  destroy(): Promise<EngineRun>;
  /** Adds a rule to the program, and returns the text that a person would write. */
  declare(extra: ExtraRule): Promise<string>;
  /** Takes it out again. */
  withdraw(): Promise<void>;
}

/** Runs a program to its end in the place where the engine shall live. */
export type RunProgram = (
  argv: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
) => Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
