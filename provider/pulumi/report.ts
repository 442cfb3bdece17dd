/** What Pulumi does with an error that carries these: it records the resource, and mends it in the next `up`. */
interface PartialFailure {
  readonly id: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly reasons: readonly string[];
}

/**
 * An error as Pulumi's provider process shows it: it prints error and stack beside the message that the engine prints
 * anyway, so both are kept to one short line.
 */
export class ReportedError extends Error {
  readonly id?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly reasons?: readonly string[];

  constructor(cause: unknown, partial?: PartialFailure) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    const code = (cause as { code?: unknown } | null)?.code;
    this.name = 'portforward';
    // Unexpected errors keep their stack: it is what a bug report needs.
    if (typeof code === 'string' && code !== 'internal') this.stack = `(${code})`;
    else if (cause instanceof Error && cause.stack) this.stack = cause.stack;
    if (partial !== undefined) Object.assign(this, partial);
  }

  override toString(): string {
    return `${this.name}: ${this.message}`;
  }
}
