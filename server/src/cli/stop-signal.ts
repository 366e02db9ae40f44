import type { Terminal } from './terminal.js';

/** Milliseconds. npm hands a Ctrl-C on that the terminal has delivered already: two signals this close together are one wish. */
const sameWish = 500;
const parentCheckInterval = 500;
const forcedExitCode = 130;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The wish to stop: SIGINT (Ctrl-C), SIGTERM or SIGHUP; under npm also the end of the process that started this one. */
export class StopSignal {
  /** Settles with the first signal. A later one ends the process on the spot. */
  readonly requested: Promise<void>;
  #stop: () => void = () => undefined;
  #firstAt: number | null = null;
  readonly #parentCheck: NodeJS.Timeout | null;

  constructor(terminal: Terminal) {
    this.requested = new Promise((resolve) => (this.#stop = resolve));
    for (const signal of signals) process.on(signal, this.#onSignal);
    this.#parentCheck = terminal.env['npm_lifecycle_event'] === undefined ? null : this.#watchParent();
  }

  /** Lets go of the signals: from here on they end the process as usual. */
  close(): void {
    for (const signal of signals) process.off(signal, this.#onSignal);
    if (this.#parentCheck) clearInterval(this.#parentCheck);
  }

  readonly #onSignal = (): void => {
    this.#firstAt ??= performance.now();
    this.#stop();
    if (performance.now() - this.#firstAt > sameWish) process.exit(forcedExitCode);
  };

  /** npm passes a SIGTERM to the shell between, and no further: the shell goes, and the server would stay behind. */
  #watchParent(): NodeJS.Timeout {
    const parent = process.ppid;
    const check = setInterval(() => {
      if (process.ppid !== parent) this.#stop();
    }, parentCheckInterval);
    return check.unref();
  }
}
