import { ProblemError } from '../http-problems/problem-error.js';

/** @throws where the header is no use as a key. */
export function readIdempotencyKey(header: string | undefined): string | null {
  if (header === undefined) return null;
  if (header.length > 0 && header.length <= 200) return header;
  throw new ProblemError(
    400,
    'invalid-request',
    'The request is invalid',
    'The header Idempotency-Key must have 1 to 200 characters. Send a random UUID.',
  );
}
