import { type ErrorCode, type ErrorOptions, PortforwardError } from '../../provider/rule/error';

/** One change of a batch is at fault; nothing of the batch was done. */
export class ChangeError extends PortforwardError {
  constructor(
    /** Counted from 0. */
    readonly index: number,
    code: ErrorCode,
    summary: string,
    options: ErrorOptions = {},
  ) {
    super(code, summary, options);
  }
}
