import type { InstanceToken } from '@xflow/schemas';

export type Waiting = InstanceToken['waitingFor'][number];

/**
 * What is said of a token that waits for several things: the work or message itself rather than the timers beside it,
 * which are the deadlines of boundary events; of timers alone the next one.
 */
export function mainWaiting(waitingFor: readonly Waiting[]): readonly Waiting[] {
  const others = waitingFor.filter(({ kind }) => kind !== 'timer');
  if (others.length > 0) return others;
  return [...waitingFor].sort((a, b) => dueAt(a) - dueAt(b)).slice(0, 1);
}

/** When a timer is due, in milliseconds since 1970; infinite where the time is not known. */
export function dueAt({ detail = '' }: Waiting): number {
  const at = /^\d+$/.test(detail) ? Number(detail) : Date.parse(detail);
  return Number.isFinite(at) ? at : Number.POSITIVE_INFINITY;
}

/** What a token waits for, as the key of a text with its parameters. A timer's detail is a time; it is told by `time`. */
export function waitingText(
  waiting: Waiting,
  time: (at: number) => string,
): { readonly key: string; readonly parameters: Readonly<Record<string, string>> } {
  if (waiting.kind === 'timer') {
    const at = dueAt(waiting);
    return Number.isFinite(at)
      ? { key: 'waiting.timer', parameters: { detail: time(at) } }
      : { key: 'waiting.timer-unknown', parameters: {} };
  }
  return { key: `waiting.${waiting.kind}`, parameters: { detail: waiting.detail ?? '' } };
}
