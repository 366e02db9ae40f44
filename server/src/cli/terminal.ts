/** Where a command reads its surroundings from and writes to; the tests bring their own. */
export interface Terminal {
  /** Results: what a script would read. */
  readonly out: (line: string) => void;
  /** Everything else: progress, problems, what to do. */
  readonly err: (line: string) => void;
  readonly isInteractive: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder that relative paths and `.xflow` are resolved against. */
  readonly cwd: string;
}

export function processTerminal(): Terminal {
  // Whoever reads the output may stop reading, as in `xflow simulate ... | head`.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  return {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    isInteractive: process.stderr.isTTY === true,
    env: process.env,
    cwd: process.cwd(),
  };
}
