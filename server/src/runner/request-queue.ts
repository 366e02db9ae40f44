import { ProblemError } from '../http-problems/problem-error.js';
import type { QueuedRequest, ResultOf, RunnerRequest } from './request.js';

/** Requests that may wait for a batch; the next one is refused. */
const capacity = 10_000;

/** The bounded queue between HTTP (and the dispatcher) and the batches. */
export class RequestQueue {
  private waiting: QueuedRequest[] = [];

  get length(): number {
    return this.waiting.length;
  }

  /** Settled when the batch of the request is committed. */
  add<R extends RunnerRequest>(request: R): Promise<ResultOf[R['kind']]> {
    if (this.waiting.length >= capacity)
      return Promise.reject(
        new ProblemError(
          429,
          'too-many-requests',
          'The server is busy',
          `${capacity} requests wait already. Send the request again a little later.`,
        ),
      );
    return new Promise((resolve, reject) => {
      const queued: QueuedRequest<R> = { request, resolve, reject, attempts: 0 };
      this.waiting.push(queued as unknown as QueuedRequest);
    });
  }

  /** The oldest requests, at most `limit`; two that carry the same idempotency key never together. */
  take(limit: number): QueuedRequest[] {
    const taken: QueuedRequest[] = [];
    const left: QueuedRequest[] = [];
    const keys = new Set<string>();
    for (const queued of this.waiting) {
      const key = queued.request.kind === 'start' ? queued.request.idempotency?.key : undefined;
      if (taken.length === limit || (key !== undefined && keys.has(key))) left.push(queued);
      else {
        taken.push(queued);
        if (key !== undefined) keys.add(key);
      }
    }
    this.waiting = left;
    return taken;
  }

  /** Puts requests back to the front of the queue: their batch did not commit. */
  putBack(requests: readonly QueuedRequest[]): void {
    this.waiting = [...requests, ...this.waiting];
  }

  /** Refuses everything that waits. */
  rejectAll(error: Error): void {
    for (const queued of this.waiting.splice(0)) queued.reject(error);
  }
}
