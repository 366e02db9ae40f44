/** Exit codes of `xflow`; documented in docs/cli.md. */
export const exitCode = {
  ok: 0,
  /** The command ran, and what it was asked for is not so: a diagram with errors, an expectation not met, a request refused. */
  failed: 1,
  /** The command could not begin: an unknown option, a file that is missing, a mapping that is wrong. */
  usage: 2,
  /** No server answered. */
  unreachable: 3,
} as const;

/** An expected failure: its message is printed as it stands, without a stack trace. */
export class CommandError extends Error {
  constructor(
    message: string,
    readonly code: number = exitCode.failed,
  ) {
    super(message);
    this.name = 'CommandError';
  }
}
