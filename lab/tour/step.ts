import type { Engine, EngineRun } from './engine';
import type { Mode, World } from './world';

/** One chapter of the story. */
export interface Step {
  /** Stable word, for `--json`. */
  readonly name: string;
  /** One line for people. */
  readonly title: string;
  play(stage: Stage): Promise<void>;
}

/** What a step has to work with. */
export interface Stage {
  readonly world: World;
  readonly engine: Engine;
  /** The words of what a person would type. */
  did(command: string, output?: string): void;
  /** Runs the engine and shows what it printed. Fails the step when it ended otherwise than `expected`. */
  ran(run: Promise<EngineRun>, expected?: 'success' | 'failure'): Promise<EngineRun>;
  /** Tells what was checked. A false one fails the tour. */
  prove(claim: string, holds: boolean, detail?: string): void;
}

/** A command and what it printed, or a claim and whether it holds. */
export type Happening =
  | { readonly kind: 'command'; readonly command: string; readonly output: string }
  | {
      readonly kind: 'proof';
      readonly claim: string;
      readonly holds: boolean;
      readonly mode: Mode;
      readonly detail: string;
    };

/** What became of a step. */
export interface StepReport {
  readonly name: string;
  readonly title: string;
  readonly mode: Mode;
  readonly ok: boolean;
  /** In their order. */
  readonly happenings: readonly Happening[];
  /** Why it broke off; null = it did not. */
  readonly error: string | null;
  readonly seconds: number;
}
