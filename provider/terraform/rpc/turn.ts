import { randomBytes } from 'node:crypto';
import { isUnknown } from '../../rule/known';
import { normalise } from '../../rule/normalise';
import { type Forward, type LooseInputs, type RuleInputs, UNKNOWN } from '../../rule/rule';
import { Repeats } from '../../session/repeats';
import { Run } from '../../session/run';
import type { RuleState } from '../../session/state';
import { Course } from './course';
import { Losses } from './losses';
import { Plans } from './plans';

/** What is remembered from one `configureProvider` to the next: of one plan, or of one apply. */
export class Turn {
  readonly plans = new Plans();
  readonly run = new Run();
  readonly course = new Course();
  readonly losses = new Losses(this.course);
  readonly repeats = new Repeats();
  private readonly told = new Set<string>();
  private readonly name = randomBytes(8).toString('hex');
  private tokens = 0;

  /** By which a rule is known from one call of this turn to the next, and in no other process. */
  newToken(): string {
    this.tokens += 1;
    return `${this.name}-${this.tokens}`;
  }

  /** The engine showed what it recorded of a rule. */
  see(recorded: RuleState): void {
    this.run.see(recorded);
    this.course.wake();
  }

  /** True the first time: 500 rules of one silent gateway need one warning. */
  first(key: string): boolean {
    const first = !this.told.has(key);
    this.told.add(key);
    return first;
  }
}

/** What a rule takes, if that much is known; its name does not matter here. */
export function forwardOf(inputs: LooseInputs): Forward | null {
  const { name, ...others } = inputs;
  if (Object.values(others).some(isUnknown)) return null;
  try {
    const named = { ...others, name: name === UNKNOWN ? 'unknown' : name };
    return normalise(named as unknown as RuleInputs).forward;
  } catch {
    // The live values of a recorded rule may be such that no rule accepts them.
    return null;
  }
}
