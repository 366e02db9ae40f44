import { ProblemError } from '../http-problems/problem-error.js';

/** 422: the key came with another request before. */
export const idempotencyMismatch = (key: string): Error =>
  new ProblemError(
    422,
    'idempotency-key-reused',
    'The Idempotency-Key was used before',
    `The Idempotency-Key "${key}" came with another request before. Use a new key for a new request.`,
  );
