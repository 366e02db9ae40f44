import { UnavailableError } from '../http-problems/problem-error.js';
import type { QueuedRequest } from './request.js';
import { CommitLostError } from './transaction.js';

/** Runs of a batch that lost against another one (deadlock, serialization) before its requests are refused. */
const mostAttempts = 8;

/** After a batch that failed with `error`: refuses what has been tried often enough; returns what is to be tried again. */
export function giveBack(requests: readonly QueuedRequest[], error: unknown): QueuedRequest[] {
  const again: QueuedRequest[] = [];
  for (const queued of requests) {
    queued.attempts += 1;
    if (error instanceof CommitLostError) queued.reject(commitLost());
    else if (queued.attempts >= mostAttempts) queued.reject(unavailable());
    else again.push(queued);
  }
  return again;
}

export const unavailable = (): Error =>
  new UnavailableError('The database could not take the request. Send it again in a moment; nothing of it was done.');

const commitLost = (): Error =>
  new UnavailableError(
    'The connection to the database broke during the commit, so that the request may or may not have been done. ' +
      'Look before you send it again, or send it with an Idempotency-Key.',
  );
