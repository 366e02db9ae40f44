import { ProblemError } from '../http-problems/problem-error.js';
import type { Bounds } from './bounds.js';
import type { QueuedRequest, ResultOf, RunnerRequest } from './request.js';

/** The bounded queue between HTTP (and the dispatcher) and the batches, which run beside each other. */
export class RequestQueue {
  private waiting: QueuedRequest[] = [];
  /** Order keys of the requests in the batches that are under way. */
  private readonly underWay = new Set<string>();

  /**
   * @param now milliseconds of a clock that only goes forward
   * @param bounds `queue`: requests that may wait for a batch; the next one is refused. `queue-wait`: how long the oldest may wait, in milliseconds,
   * before new ones are refused. What the database takes a second leaves the queue within this time, so that a queue that is older grows faster than
   * it shrinks: who is refused at once can come again, who waits in a growing queue gives up after the work is done for nothing. Short bursts, however
   * large, are let in.
   */
  constructor(
    private readonly now: () => number,
    private readonly bounds: Pick<Bounds, 'queue' | 'queue-wait'>,
  ) {}

  get length(): number {
    return this.waiting.length;
  }

  /**
   * Settled when the batch of the request is committed.
   * @param added called when it is in the queue, with whether a batch could take it now
   */
  add<R extends RunnerRequest>(request: R, added: (ready: boolean) => void): Promise<ResultOf[R['kind']]> {
    const { queue: capacity, 'queue-wait': longestWait } = this.bounds;
    if (this.waiting.length >= capacity) return Promise.reject(busy(`${capacity} requests wait already`));
    const now = this.now();
    const [oldest] = this.waiting;
    if (oldest && now - oldest.queuedAt > longestWait && !isKept(request))
      return Promise.reject(busy(`Requests wait for more than ${longestWait / 1_000} seconds`));
    return new Promise((resolve, reject) => {
      const queued: QueuedRequest<R> = { request, resolve, reject, attempts: 0, misses: 0, queuedAt: now };
      this.waiting.push(queued as unknown as QueuedRequest);
      const key = orderKey(request);
      added(key === null || !this.underWay.has(key));
    });
  }

  /**
   * The oldest requests, at most `limit`, for a batch that {@link release}s them when it is over. What must keep its order (messages of one name and
   * key, inputs of one instance) is never in two batches at once; two requests with the same idempotency key are never in one either.
   */
  take(limit: number): QueuedRequest[] {
    const taken: QueuedRequest[] = [];
    const left: QueuedRequest[] = [];
    const keys = new Set<string>();
    let next = 0;
    for (; next < this.waiting.length && taken.length < limit; next++) {
      const queued = this.waiting[next]!;
      const key = orderKey(queued.request);
      const held = key !== null && (this.underWay.has(key) || (queued.request.kind === 'start' && keys.has(key)));
      (held ? left : taken).push(queued);
      if (key !== null && !held) keys.add(key);
    }
    for (const key of keys) this.underWay.add(key);
    this.waiting = [...left, ...this.waiting.slice(next)];
    return taken;
  }

  /**
   * Tells that the batch with these requests is over.
   * @param again those that did not get their turn: they go back to the front of the queue
   */
  release(taken: readonly QueuedRequest[], again: readonly QueuedRequest[]): void {
    for (const { request } of taken) {
      const key = orderKey(request);
      if (key !== null) this.underWay.delete(key);
    }
    for (const queued of again) queued.misses += 1;
    if (again.length > 0) this.waiting = [...again, ...this.waiting];
  }

  /** Refuses everything that waits. */
  rejectAll(error: Error): void {
    for (const queued of this.waiting.splice(0)) queued.reject(error);
  }
}

/** Requests with the same key are carried out in the order in which they came; null: in any. */
function orderKey(request: RunnerRequest): string | null {
  switch (request.kind) {
    case 'start':
      return request.idempotency && `start ${request.idempotency.key}`;
    case 'input':
    case 'retry-fault':
    case 'suspend':
    case 'migrate':
      return `instance ${request.instanceId}`;
    case 'publish':
      return `message ${JSON.stringify([request.message.name, request.message.correlationKey])}`;
    case 'signal':
      return `signal ${request.name}`;
  }
}

/** What must not be lost is not refused while there is room: nobody would send it again. */
const isKept = (request: RunnerRequest): boolean => request.kind === 'input' && request.keep;

const busy = (why: string): Error =>
  new ProblemError(
    429,
    'too-many-requests',
    'The server is busy',
    `${why}. Nothing of this request was done: send it again a little later.`,
  );
