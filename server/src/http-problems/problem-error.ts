import type { ProblemDocument } from '@xflow/schemas';

/** One problem of a request: whole sentences that say what is wrong, where, and what to do. */
export type ProblemDetail = NonNullable<ProblemDocument['errors']>[number];

/**
 * A request that is refused, as an RFC 9457 problem. Thrown by services; ProblemFilter turns it into the response.
 * `detail` is for people: whole sentences, with the remedy where there is no list of `errors`.
 */
export class ProblemError extends Error {
  constructor(
    /** HTTP status. */
    readonly status: number,
    /** Last part of the problem's type, `urn:xflow:problem:<type>`. */
    readonly type: string,
    readonly title: string,
    readonly detail: string,
    /** Every problem of the request, all at once. */
    readonly errors: readonly ProblemDetail[] = [],
  ) {
    super(detail);
    this.name = new.target.name;
  }
}

/** 400: fields of the request are missing, unknown or of a wrong shape. */
export class InvalidRequestError extends ProblemError {
  constructor(errors: readonly ProblemDetail[]) {
    super(400, 'invalid-request', 'The request is invalid', summary('The request is refused', errors), errors);
  }
}

/** 404: what the request names does not exist. */
export class NotFoundError extends ProblemError {
  /** @param errors where in the request the unknown names stand, when it names several. */
  constructor(detail: string, errors: readonly ProblemDetail[] = []) {
    super(404, 'not-found', 'Not found', detail, errors);
  }
}

/** 409: the request contradicts what stands: a name that is taken, something still in use. */
export class ConflictError extends ProblemError {
  constructor(detail: string, errors: readonly ProblemDetail[] = []) {
    super(409, 'conflict', 'Conflict', detail, errors);
  }
}

/** 413: the body is larger than the route takes. */
export class PayloadTooLargeError extends ProblemError {
  constructor(detail: string) {
    super(413, 'payload-too-large', 'The body is too large', detail);
  }
}

/** 415: the route does not read this content type. */
export class UnsupportedMediaTypeError extends ProblemError {
  constructor(detail: string) {
    super(415, 'unsupported-media-type', 'Unsupported media type', detail);
  }
}

/** 422: the request is well-formed, but what it asks for cannot be done: a diagram that cannot run, a rule that names an unknown segment. */
export class UnprocessableError extends ProblemError {
  constructor(title: string, errors: readonly ProblemDetail[]) {
    super(422, 'unprocessable', title, summary(title, errors), errors);
  }
}

/** 503: the server cannot do it now; the same request may succeed later. */
export class UnavailableError extends ProblemError {
  constructor(detail: string) {
    super(503, 'unavailable', 'Unavailable', detail);
  }
}

function summary(what: string, errors: readonly ProblemDetail[]): string {
  const first = errors[0];
  if (first !== undefined && errors.length === 1) {
    return `${what}: ${first.field === undefined ? '' : `${first.field}: `}${first.message} ${first.remedy}`;
  }
  return `${what}: it has ${errors.length} problems. All of them are listed in errors, each with its remedy.`;
}
