import { HttpException } from '@nestjs/common';
import type { ProblemDocument } from '@xflow/schemas';
import { isConnectionLoss } from '../database/connection-loss.js';
import {
  InvalidRequestError,
  NotFoundError,
  PayloadTooLargeError,
  ProblemError,
  type ProblemDetail,
  UnavailableError,
  UnsupportedMediaTypeError,
} from './problem-error.js';

/** Media type of RFC 9457. */
export const problemMediaType = 'application/problem+json';

/** Seconds after which a request that was refused for now (429, 503) may come again: RFC 9110, 10.2.3. */
const retryAfter = '1';

/** Headers of the answer to a problem. */
export function problemHeaders({ status }: ProblemError): Record<string, string> {
  return {
    'content-type': problemMediaType,
    ...(status === 429 || status === 503 ? { 'retry-after': retryAfter } : {}),
  };
}

/** Codes of a request whose client has gone. */
const broken = ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'EPIPE'];

/**
 * The problem that a thrown value stands for; null when it is a defect of the server, of which the caller learns nothing
 * but that it happened.
 */
export function asProblem(error: unknown): ProblemError | null {
  if (error instanceof ProblemError) return error;
  if (!(error instanceof Error)) return null;
  if (isConnectionLoss(error))
    return new UnavailableError('The connection to the database broke. Send the request again in a moment.');
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (broken.includes(code)) {
    return new ProblemError(400, 'aborted', 'The request broke off', 'The body did not arrive in full. Send it again.');
  }
  const status = error instanceof HttpException ? error.getStatus() : statusOf(error);
  if (status === null || status >= 500) return null;
  if (status === 413) {
    return new PayloadTooLargeError(
      'The body is larger than this route takes. Send less at once: bulk routes take up to 16 MB a request, so split the file.',
    );
  }
  if (status === 415) {
    return new UnsupportedMediaTypeError(
      'This route does not read the content type of the body. Send application/json; bulk routes read application/x-ndjson, deploys also application/xml.',
    );
  }
  if (status === 404) return new NotFoundError(notFound(error.message));
  if (status === 400) return new InvalidRequestError([badRequest(error, code)]);
  return new ProblemError(status, `http-${status}`, 'The request is refused', sentence(error.message));
}

/** What comes back is bounded, whatever was sent: problems listed, and characters of each text. */
const mostListed = 1000;
const longestText = 2000;

/** @param path path of the request, without its query. */
export function problemDocument(problem: ProblemError, path?: string): ProblemDocument {
  return {
    type: `urn:xflow:problem:${problem.type}`,
    title: problem.title,
    status: problem.status,
    detail: shortened(problem.detail),
    ...(path === undefined ? {} : { instance: path }),
    ...(problem.errors.length === 0 ? {} : { errors: problem.errors.slice(0, mostListed).map(shortenedTexts) }),
  };
}

/** The answer to a defect of the server. `reference` finds it in the log. */
export function internalProblem(reference: string): ProblemError {
  return new ProblemError(
    500,
    'internal',
    'Internal error',
    `The server failed to handle the request; nothing of it was kept. Try again; if it stays, look for ${reference} in the server's log.`,
  );
}

function shortenedTexts(error: ProblemDetail): ProblemDetail {
  const { field, message, remedy } = error;
  return {
    ...error,
    ...(field === undefined ? {} : { field: shortened(field) }),
    message: shortened(message),
    remedy: shortened(remedy),
  };
}

function shortened(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText)}...`;
}

/** Fastify's own errors carry `statusCode`. */
function statusOf(error: Error): number | null {
  return 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : null;
}

/** Nest says `Cannot GET /api/x` of a route that does not exist. */
function notFound(message: string): string {
  const route = /^Cannot (\S+) (\S+)/.exec(message);
  if (route === null) return sentence(message);
  const [, method = '', path = ''] = route;
  return `There is no route ${method} ${path.split('?', 1)[0] ?? ''}. /api/docs lists every route.`;
}

function badRequest(error: Error, code: string): { message: string; remedy: string } {
  if (code === 'FST_ERR_BAD_URL') {
    return {
      message: 'The path of the request is not valid percent-encoded UTF-8.',
      remedy: 'Encode the parts of the path with encodeURIComponent.',
    };
  }
  if (code === 'FST_ERR_CTP_EMPTY_JSON_BODY') {
    return { message: 'The body is empty.', remedy: 'Send a JSON document, or no content type.' };
  }
  if (code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH') {
    return { message: 'The body is not as long as Content-Length says.', remedy: 'Send the whole body.' };
  }
  if (error instanceof SyntaxError || code === 'FST_ERR_CTP_INVALID_JSON_BODY' || /JSON/.test(error.message)) {
    return { message: 'The body is not valid JSON.', remedy: 'Send a well-formed JSON document (RFC 8259) in UTF-8.' };
  }
  return { message: sentence(error.message), remedy: 'Correct the request; /api/docs tells its shape.' };
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
