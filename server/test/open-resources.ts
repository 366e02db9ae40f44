/**
 * What the tests of one file have opened: servers, databases, processes. It is closed after the file's last test, whatever became of
 * the tests and of the hooks that opened it, so that no failure keeps the run alive or hides behind another one.
 */
const open: (() => Promise<unknown>)[] = [];
let over = false;

/** Last in, first out: what was opened with the help of something is closed before it. `close` may be called twice. */
export function closeAfterTests(close: () => Promise<unknown>): void {
  // A hook that ran out of time goes on opening things.
  if (over) void close().catch(() => undefined);
  else open.push(close);
}

const patience = 60_000;

afterAll(async () => {
  over = true;
  const failures: unknown[] = [];
  for (let close = open.pop(); close; close = open.pop())
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  if (failures.length > 0) throw new AggregateError(failures, 'Not everything that the tests opened could be closed.');
}, patience);
