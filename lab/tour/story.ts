import { performance } from 'node:perf_hooks';
import type { Engine } from './engine';
import { type Happening, LEFT_OUT, type Stage, type Step, type StepReport } from './step';
import { steps } from './steps';
import type { World } from './world';

/** A step that cannot go on. */
class Broken extends Error {}

/** Hears what happens while it happens. */
export interface Audience {
  begins?(step: Pick<StepReport, 'title' | 'mode'>): void;
  happens?(happening: Happening): void;
  ends?(report: StepReport): void;
}

/**
 * Plays the story, step by step. A failing proof or command ends it, for later steps
 * stand on earlier ones.
 */
export async function playStory(
  world: World,
  engine: Engine,
  audience: Audience = {},
  story: readonly Step[] = steps,
): Promise<readonly StepReport[]> {
  const reports: StepReport[] = [];
  for (const step of story) {
    const report = await play(step, world, engine, audience);
    reports.push(report);
    audience.ends?.(report);
    if (!report.ok) break;
  }
  return reports;
}

async function play(step: Step, world: World, engine: Engine, audience: Audience): Promise<StepReport> {
  const title = typeof step.title === 'string' ? step.title : step.title(world);
  const leftOut = step.leftOut?.(world) ?? null;
  const mode = leftOut ? LEFT_OUT : world.mode;
  audience.begins?.({ title, mode });
  const started = performance.now();
  const happenings: Happening[] = [];
  const tell = (happening: Happening) => {
    happenings.push(happening);
    audience.happens?.(happening);
  };
  const stage: Stage = {
    world,
    engine,
    did: (command, output = '') => tell({ kind: 'command', command, output }),
    async ran(running, expected = 'success') {
      const run = await running;
      tell({ kind: 'command', command: run.command, output: run.output });
      if ((run.code === 0) !== (expected === 'success')) {
        throw new Broken(
          `\`${run.command}\` ended with status ${run.code}, which is not the ${expected} expected.`,
        );
      }
      return run;
    },
    prove(claim, holds, detail = '') {
      tell({ kind: 'proof', claim, holds, mode: world.mode, detail });
      if (!holds) throw new Broken(`Not so: ${claim}.${detail ? ` Instead: ${detail}` : ''}`);
    },
    leaveOut: ({ leftOut }) => tell({ kind: 'left-out', why: leftOut }),
  };
  let error: string | null = null;
  try {
    if (leftOut) stage.leaveOut(leftOut);
    else await step.play(stage);
  } catch (reason) {
    error = reason instanceof Error ? reason.message : String(reason);
  }
  return {
    name: step.name,
    title,
    mode,
    ok: error === null,
    happenings,
    error,
    seconds: Math.round((performance.now() - started) / 100) / 10,
  };
}
