import type { Course } from './course';

/** Milliseconds without a new call: the next one of a run that goes on comes soon, on a busy machine too. */
const PATIENCE = 2000;

/**
 * Rules that lost entries in a write without having been met. The rule that follows may be the loser, moved or removed, and
 * then nothing is wrong; so this is told last, when no more calls seem to come.
 */
export class Losses {
  private readonly texts = new Map<string, string>();
  /** Set once calls came after what was told last: then the engine makes one call at a time, and waiting is no use. */
  private oneByOne = false;
  private told = false;

  constructor(private readonly course: Course) {}

  add(loser: string, text: string): void {
    this.texts.set(loser, text);
  }

  /** Called at the end of each call: what is to be told with its answer. */
  async last(): Promise<readonly string[]> {
    if (this.told) this.oneByOne = true;
    for (const loser of this.texts.keys()) if (this.course.hasMet(loser)) this.texts.delete(loser);
    if (this.texts.size === 0 || !this.course.idle) return [];
    const { calls } = this.course;
    // Counted, since a call may be over before anybody looks.
    const more = (): boolean => this.course.calls > calls;
    if (!this.oneByOne) await this.course.until(more, PATIENCE);
    if (more()) return [];
    const told = [...this.texts.values()];
    this.texts.clear();
    this.told = true;
    return told;
  }
}
