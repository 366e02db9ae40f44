import type { ProblemDocument } from '@xflow/schemas';

/** A request that failed, told as an RFC 9457 problem document: the server's own, or one made here when it sent none. */
export class ApiProblem extends Error {
  constructor(readonly document: ProblemDocument) {
    super(document.detail);
    this.name = 'ApiProblem';
  }
}

/** The server could not be reached at all: `status` 0. */
export function unreachable(path: string): ApiProblem {
  return new ApiProblem({
    type: 'urn:xflow:problem:unreachable',
    title: 'Server not reachable',
    status: 0,
    detail: `The server did not answer ${path}. Check that it is running and that the network is up, then try again.`,
    instance: path,
  });
}

/** The problem document of a failed response; one made from its status when the body is none. */
export async function problemOf(response: Response, path: string): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null);
  if (isProblemDocument(body)) return new ApiProblem(body);
  return new ApiProblem({
    type: 'urn:xflow:problem:unexpected-answer',
    title: response.statusText || `HTTP ${response.status}`,
    status: response.status,
    detail: `The server answered ${path} with status ${response.status} and no problem document. Look into the server's log.`,
    instance: path,
  });
}

/** Anything thrown, as a problem document that can be shown. */
export function documentOf(error: unknown): ProblemDocument {
  if (error instanceof ApiProblem) return error.document;
  return {
    type: 'urn:xflow:problem:console',
    title: 'Console error',
    status: 0,
    detail: error instanceof Error ? error.message : String(error),
  };
}

function isProblemDocument(body: unknown): body is ProblemDocument {
  return (
    typeof body === 'object' &&
    body !== null &&
    'title' in body &&
    typeof body.title === 'string' &&
    'detail' in body &&
    typeof body.detail === 'string'
  );
}
