import type { TaskSpec } from '../task-spec.js';
import { addDuration, parseDuration } from '../timers/iso-8601.js';
import { type BpmnElement, elementOf, extensionOf, textOf } from './bpmn-element.js';

/** Most attempts that an element may ask for, and most delays that it may list. */
export const mostAttempts = 100;

export interface SaidRetry {
  /** The extension that says it. */
  readonly source: 'xflow:retry' | 'zeebe:taskDefinition retries' | 'camunda:failedJobRetryTimeCycle';
  readonly text: string;
  /** Null: it is not understood. */
  readonly retry: NonNullable<TaskSpec['retry']> | null;
}

/**
 * How often the job of an element is attempted, and how long after a failed attempt the next one comes: xflow:retry, or else what other engines say. Null:
 * it says nothing.
 */
export function readRetry(element: BpmnElement): SaidRetry | null {
  const xflow = extensionOf(element, 'xflow:Retry');
  if (xflow) {
    const [attempts, backoff] = [textOf(xflow, 'attempts'), textOf(xflow, 'backoff')];
    return {
      source: 'xflow:retry',
      text: `${attempts ?? ''} ${backoff ?? ''}`.trim(),
      retry: retryOf(attempts, backoff),
    };
  }
  const zeebe = extensionOf(element, 'zeebe:taskDefinition');
  const retries = zeebe && textOf(zeebe, 'retries');
  if (retries !== null) return { source: 'zeebe:taskDefinition retries', text: retries, retry: retryOf(retries, null) };
  const loop = elementOf(element, 'loopCharacteristics');
  const camunda =
    extensionOf(element, 'camunda:failedJobRetryTimeCycle') ??
    (loop && extensionOf(loop, 'camunda:failedJobRetryTimeCycle'));
  const text = camunda?.$body?.trim();
  if (text === undefined) return null;
  // R3/PT10M: three attempts. PT1M,PT10M: one more than there are delays.
  const [, times, delay] = /^R(\d+)\/([^,]+)$/.exec(text) ?? [];
  const retry = times === undefined ? retryOf(String(text.split(',').length + 1), text) : retryOf(times, delay ?? '');
  return { source: 'camunda:failedJobRetryTimeCycle', text, retry };
}

function retryOf(attempts: string | null, backoff: string | null): SaidRetry['retry'] {
  if (attempts === null && backoff === null) return null;
  const count = attempts === null ? null : /^\d{1,3}$/.test(attempts) ? Number(attempts) : NaN;
  const delays = backoff === null ? [] : backoff.split(',').map(delayOf);
  if (count !== null && !(count >= 1 && count <= mostAttempts)) return null;
  if (delays.length > mostAttempts || delays.some((delay) => delay === null)) return null;
  return Object.freeze({ attempts: count, backoff: Object.freeze(delays.filter((delay) => delay !== null)) });
}

/** Milliseconds. */
function delayOf(text: string): number | null {
  const duration = parseDuration(text.trim());
  return duration && addDuration(0, duration);
}
