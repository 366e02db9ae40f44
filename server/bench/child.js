import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A module of this folder in a process of its own, which answers questions by messages: see {@link serve}. */
export class Child {
  /** Resolves when the module serves. `options` are its argument. */
  static async start(module, options = {}, execArgv = []) {
    const profile = process.env.BENCH_PROFILE;
    const flags = [
      // As `npm start` does it.
      ...(module.startsWith('xflow-') ? ['--max-semi-space-size=32'] : []),
      ...(profile === module ? ['--cpu-prof', '--cpu-prof-dir=.profiles'] : []),
    ];
    const child = fork(fileURLToPath(new URL(module, import.meta.url)), [JSON.stringify(options)], {
      execArgv: [...flags, ...execArgv],
      serialization: 'advanced',
    });
    const gone = once(child, 'exit').then(([code]) => {
      throw new Error(`${module} ended (${code}) before it served.`);
    });
    const [ready] = await Promise.race([once(child, 'message'), gone]);
    gone.catch(() => undefined);
    return new Child(child, ready);
  }

  constructor(child, ready) {
    this.process = child;
    /** What the module said when it began to serve. */
    this.ready = ready;
    this.pid = child.pid;
  }

  /** Asks the module; one question at a time. */
  async ask(question) {
    this.process.send(question);
    const answered = new AbortController();
    const gone = once(this.process, 'exit', answered).then(([code]) => {
      throw new Error(`The process ended (${code}) instead of answering.`);
    });
    const [answer] = await Promise.race([once(this.process, 'message'), gone]);
    gone.catch(() => undefined);
    answered.abort();
    if (answer?.error) throw new Error(answer.error);
    return answer;
  }

  async stop() {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = once(this.process, 'exit');
    this.process.send('stop');
    const timer = setTimeout(() => this.process.kill('SIGKILL'), 20_000);
    await gone;
    clearTimeout(timer);
  }
}

/** For a module that runs as a {@link Child}: says that it is ready, then answers each question with what `answer` resolves to. */
export function serve(ready, answer, close = () => undefined) {
  process.on('disconnect', () => process.exit());
  process.on('message', (question) => {
    void (async () => {
      if (question === 'stop') {
        await close();
        process.exit();
      }
      try {
        process.send((await answer(question)) ?? null);
      } catch (error) {
        process.send({ error: error.stack });
      }
    })();
  });
  process.send(ready);
}

/** What the parent passed to {@link Child.start}. */
export const options = () => JSON.parse(process.argv[2] ?? '{}');
