import type { ProblemDocument } from '@xflow/schemas';
import { setTimeout as delay } from 'node:timers/promises';
import { CommandError, exitCode } from './command-error.js';

/** Statuses of a server that is starting, stopping or busy: worth another attempt (RFC 9110 15.6.3-15.6.5, RFC 6585 4). */
const passing = new Set([429, 502, 503, 504]);
const firstPause = 250;
const longestPause = 5_000;

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api`, e.g. `/workflows`. */
  readonly path: string;
  /** Sent as JSON; or as it stands when `contentType` says what it is. */
  readonly body?: unknown;
  readonly contentType?: string;
  /** Milliseconds to go on trying while the server cannot be reached. Only for requests that may arrive twice. Default 0. */
  readonly retryFor?: number;
}

/** The server's answer was a problem document, or at least not a success. */
export class RequestRefused extends CommandError {
  constructor(
    message: string,
    readonly status: number,
    readonly problem: ProblemDocument | null,
  ) {
    super(message, exitCode.failed);
    this.name = 'RequestRefused';
  }
}

/** Speaks to the HTTP API of a server. Failures are {@link CommandError}s that can be printed as they stand. */
export class ApiClient {
  readonly url: string;

  /** @param url Root of the server, e.g. `http://127.0.0.1:3000`. */
  constructor(url: string) {
    if (!URL.canParse(url) || !/^https?:/.test(url)) {
      throw new CommandError(
        `"${url}" is not the address of a server. Write it like http://127.0.0.1:3000.`,
        exitCode.usage,
      );
    }
    this.url = url.replace(/\/+$/, '');
  }

  /** @returns The parsed body of the answer; its shape is the route's (schemas/api). */
  async request<Answer>(request: ApiRequest): Promise<Answer> {
    const giveUpAt = Date.now() + (request.retryFor ?? 0);
    for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
      const outcome = await this.#attempt(request);
      if (outcome instanceof Response && !passing.has(outcome.status)) {
        return (await readAnswer(outcome, request)) as Answer;
      }
      if (Date.now() + pause > giveUpAt) {
        if (outcome instanceof Response) return (await readAnswer(outcome, request)) as Answer;
        throw new CommandError(
          `No server answers at ${this.url} (${outcome}). Start one with \`npx xflow serve\`, or name another with --url or XFLOW_URL.`,
          exitCode.unreachable,
        );
      }
      if (outcome instanceof Response) await outcome.body?.cancel();
      await delay(pause);
    }
  }

  /** The response, or why there is none. */
  async #attempt({ method, path, body, contentType }: ApiRequest): Promise<Response | string> {
    const init: RequestInit = { method, headers: { accept: 'application/json, application/problem+json' } };
    if (body !== undefined) {
      init.headers = { ...init.headers, 'content-type': contentType ?? 'application/json' };
      init.body = contentType === undefined ? JSON.stringify(body) : (body as string);
    }
    try {
      return await fetch(`${this.url}/api${path}`, init);
    } catch (error) {
      return reasonOf(error);
    }
  }
}

async function readAnswer(response: Response, { method, path }: ApiRequest): Promise<unknown> {
  const text = await response.text();
  const body = parse(text);
  if (response.ok) return body;
  const problem = isProblem(body) ? body : null;
  const message = problem
    ? describeProblem(problem)
    : `The server refused ${method} ${path} with status ${response.status} and gave no reason. Is it an xflow server?`;
  throw new RequestRefused(message, response.status, problem);
}

/** A problem document as readable lines, every listed error on its own. */
export function describeProblem(problem: ProblemDocument): string {
  const lines = [problem.detail || problem.title];
  for (const error of problem.errors ?? []) {
    // A single problem is usually the detail already.
    if (problem.detail.includes(error.message) && problem.errors?.length === 1) continue;
    const where = [error.line === undefined ? null : `line ${error.line}`, error.elementId, error.field, error.rule];
    const prefix = where.filter((part) => part !== null && part !== undefined && part !== '').join(' ');
    lines.push(`  ${prefix === '' ? '' : `${prefix}: `}${error.message} ${error.remedy}`);
  }
  return lines.join('\n');
}

function isProblem(body: unknown): body is ProblemDocument {
  return typeof body === 'object' && body !== null && 'title' in body && 'status' in body;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `fetch` hides what happened in the cause of its error. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error;
  const { code, message: causeMessage } = (cause ?? {}) as { code?: string; message?: string };
  return code === 'ECONNREFUSED' ? 'connection refused' : causeMessage || code || message;
}
