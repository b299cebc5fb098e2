/** What the command ends with. Documented in `renew-pats --help` and docs/command.md. */
export const exitCodes = {
  /** All went well; there may be warnings. */
  done: 0,
  /** Some PAT failed or was refused, or some organization could not be read; everything else was handled. */
  patsFailed: 1,
  /** The flags or the environment are wrong: nothing was sent, or (rules that select nothing by a slip) only read. */
  wrongInputs: 2,
  /** The sign-in failed, or no organization could be read: no PAT was touched. */
  notSignedIn: 3,
  /** Done, and something needs a person; only with --strict. */
  doneWithIssues: 4,
  /** A mistake in the program. */
  unexpected: 70,
  /** Ctrl-C; 143 for SIGTERM. */
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
