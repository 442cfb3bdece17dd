/** What the mischief of every simulator says beside how it goes wrong. */
export interface Planned {
  /** Names of what it befalls. Default: all. */
  readonly to?: string | readonly string[];
  /** How many of them. Default: all of them from now on. */
  readonly times?: number;
  /** How many of them are spared before. Default 0. */
  readonly after?: number;
  /** For what is held: is told when it has come, */
  readonly reached?: () => void;
  /** and until when it is held. */
  readonly until?: Promise<void>;
}

/** The mischief that is planned, and how much of it is left. */
export class MischiefPlan<M extends Planned> {
  private plans: { readonly mischief: M; spare: number; left: number }[] = [];

  /** Gives what takes it back. */
  add(mischief: M): () => void {
    const { after = 0, times = Number.POSITIVE_INFINITY } = mischief;
    const plan = { mischief, spare: after, left: times };
    this.plans.push(plan);
    return () => {
      this.plans = this.plans.filter((one) => one !== plan);
    };
  }

  clear(): void {
    this.plans = [];
  }

  /** What befalls this, of the kind that is asked for; counts it. */
  take(name: string, fits: (mischief: M) => boolean): M | null {
    for (const plan of this.plans) {
      const { to } = plan.mischief;
      const meant = to === undefined || [to].flat().includes(name);
      if (plan.left <= 0 || !meant || !fits(plan.mischief)) continue;
      if (plan.spare > 0) {
        plan.spare -= 1;
        continue;
      }
      plan.left -= 1;
      return plan.mischief;
    }
    return null;
  }
}
