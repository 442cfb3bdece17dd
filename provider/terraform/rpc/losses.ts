import type { Course } from './course';

/** Milliseconds: the next call of a run that goes on comes at once. */
const PATIENCE = 300;

/**
 * Rules that lost entries in a write without having been met. The rule that follows may be the loser, moved or removed, and
 * then nothing is wrong; so this is told last, when no more calls seem to come.
 */
export class Losses {
  private readonly texts = new Map<string, string>();

  constructor(private readonly course: Course) {}

  add(loser: string, text: string): void {
    this.texts.set(loser, text);
  }

  /** Called at the end of each call: what is to be told with its answer. */
  async last(): Promise<readonly string[]> {
    for (const loser of this.texts.keys()) if (this.course.hasMet(loser)) this.texts.delete(loser);
    if (this.texts.size === 0 || !this.course.idle) return [];
    await this.course.until(() => !this.course.idle, PATIENCE);
    if (!this.course.idle) return [];
    const told = [...this.texts.values()];
    this.texts.clear();
    return told;
  }
}
