import type { Terminal } from './terminal.js';

/** npm hands a Ctrl-C on that the terminal has delivered already: two signals this close together are one wish. */
const sameWish = 500;
const parentCheckInterval = 500;
const forcedExitCode = 130;

/** The wish to stop: SIGINT (Ctrl-C), SIGTERM or SIGHUP; under npm also the end of the process that started this one. */
export class StopSignal {
  /** Settles with the first signal. A second one ends the process on the spot. */
  readonly requested: Promise<void>;

  constructor(terminal: Terminal) {
    this.requested = new Promise((stop) => {
      let firstAt: number | null = null;
      const onSignal = (): void => {
        firstAt ??= performance.now();
        stop();
        if (performance.now() - firstAt > sameWish) process.exit(forcedExitCode);
      };
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
      // npm passes a SIGTERM to the shell between, and no further: the shell goes, and the server would stay behind.
      if (terminal.env['npm_lifecycle_event'] !== undefined) {
        const parent = process.ppid;
        const check = setInterval(() => {
          if (process.ppid === parent) return;
          clearInterval(check);
          stop();
        }, parentCheckInterval);
        check.unref();
      }
    });
  }
}
