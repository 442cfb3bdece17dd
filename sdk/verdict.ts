import * as pulumi from '@pulumi/pulumi';

/**
 * What is wrong with the rules of one program, over all its gateways. Pulumi shows an error when somebody throws it, so
 * complaints are collected until the program's turn ends: one preview shows them all.
 */
export class Verdict {
  private readonly checks: (() => readonly string[])[] = [];
  private readonly untold: string[] = [];
  /** One object for all rules: Pulumi reports an error object once, however many wait for it. */
  private failure: pulumi.RunError | null = null;

  /** `check` tells what is wrong between rules that came since it was last asked. */
  ask(check: () => readonly string[]): void {
    this.checks.push(check);
  }

  /** A sentence that nobody has thrown yet: whoever complains calls `pronounce` when the turn has ended. */
  complain(sentences: readonly string[]): void {
    this.untold.push(...sentences);
  }

  /** Throws RunError that tells all that is wrong so far: from then on no rule of the program may be registered. */
  pronounce(): void {
    for (const check of this.checks) this.untold.push(...check());
    // What was thrown before is told; a rule whose Outputs come later adds what is new.
    if (this.untold.length > 0) this.failure = new pulumi.RunError(this.untold.splice(0).join('\n'));
    if (this.failure !== null) throw this.failure;
  }
}
