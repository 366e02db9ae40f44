import type { InstanceToken } from '@xflow/schemas';

/** What a token waits for, as the key of a text with its parameters. A timer's detail is a time; it is told by `time`. */
export function waitingText(
  waiting: InstanceToken['waitingFor'][number],
  time: (at: number) => string,
): { readonly key: string; readonly parameters: Readonly<Record<string, string>> } {
  const detail = waiting.detail ?? '';
  if (waiting.kind === 'timer') {
    const at = /^\d+$/.test(detail) ? Number(detail) : Date.parse(detail);
    return Number.isFinite(at)
      ? { key: 'waiting.timer', parameters: { detail: time(at) } }
      : { key: 'waiting.timer-unknown', parameters: {} };
  }
  return { key: `waiting.${waiting.kind}`, parameters: { detail } };
}
