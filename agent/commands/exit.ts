/** Exit status of portforward-agent; the same for every command, and told in each --help. */
export const EXIT = {
  ok: 0,
  /** It could not be done; one sentence on standard error says why. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** It was done, and something needs attention: damaged state, drift, a fatal problem. */
  attention: 3,
} as const;

export const EXIT_HELP = `
Exit status:
  0  fine
  1  it could not be done; standard error says why
  2  the command line is wrong
  3  done, and something needs attention`;
