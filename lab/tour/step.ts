import type { Engine, EngineRun } from './engine';
import type { LeftOut } from './left-out';
import type { Mode, World } from './world';

/** One chapter of the story. */
export interface Step {
  /** Stable word, for `--json`. */
  readonly name: string;
  /** One line for people; it may depend on the gateway. */
  readonly title: string | ((world: World) => string);
  /** Why it is not played in this world; null = it is. Default: it is. */
  leftOut?(world: World): LeftOut | null;
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
  /** Tells what is not shown here, and why. */
  leaveOut(what: LeftOut): void;
}

/** A command and what it printed, a claim and whether it holds, or why something is not shown. */
export type Happening =
  | { readonly kind: 'command'; readonly command: string; readonly output: string }
  | {
      readonly kind: 'proof';
      readonly claim: string;
      readonly holds: boolean;
      readonly mode: Mode;
      readonly detail: string;
    }
  | { readonly kind: 'left-out'; readonly why: string };

/** In the place of a step's mode: it was not played. */
export const LEFT_OUT = 'left out';

/** What became of a step. */
export interface StepReport {
  readonly name: string;
  readonly title: string;
  readonly mode: Mode | typeof LEFT_OUT;
  readonly ok: boolean;
  /** In their order. */
  readonly happenings: readonly Happening[];
  /** Why it broke off; null = it did not. */
  readonly error: string | null;
  readonly seconds: number;
}
