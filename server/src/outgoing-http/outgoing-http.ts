import { lookup as resolve } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, request } from 'undici';
import { TaskFailure } from '../task-dispatch/task-executor.js';
import { AddressGuard } from './address-guard.js';

export interface OutgoingRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body?: string;
}
export interface IncomingResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

const maxBodyBytes = 256 * 1024;
/** Statuses below 500 after which the same request may succeed: timeout, too early, too many. */
const temporary = [408, 425, 429];
/** What the connection is made of belongs to the client, not to the caller. */
const ownHeaders = [
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'keep-alive',
  'te',
  'trailer',
  'expect',
];

/**
 * Requests to addresses that come from diagrams, with bounds: only to permitted addresses, to which the connection is
 * then pinned; without following redirects; with a response of at most 256 KB.
 */
@Injectable()
export class OutgoingHttp implements OnApplicationShutdown {
  private readonly agent: Agent;

  constructor(private readonly guard: AddressGuard) {
    this.agent = new Agent({
      connect: { lookup: guardedLookup(guard), timeout: 10_000 },
      headersTimeout: 30_000,
      bodyTimeout: 30_000,
      maxResponseSize: maxBodyBytes,
      maxHeaderSize: 16_384,
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }

  /**
   * @returns responses of status 2xx
   * @throws TaskFailure: to be retried after network errors, statuses from 500 on, and 408, 425, 429; else not
   */
  async send(outgoing: OutgoingRequest, signal: AbortSignal): Promise<IncomingResponse> {
    const url = this.checkedUrl(outgoing.url);
    for (const name of Object.keys(outgoing.headers)) {
      if (ownHeaders.includes(name.toLowerCase())) {
        throw new TaskFailure(
          `The header ${name} cannot be set.`,
          'Leave it out of the task, and retry the incident.',
          false,
        );
      }
    }
    let response: IncomingResponse;
    let location: unknown;
    try {
      const answer = await request(url, {
        dispatcher: this.agent,
        method: outgoing.method,
        headers: outgoing.headers,
        ...(outgoing.body === undefined ? {} : { body: outgoing.body }),
        signal,
      });
      location = answer.headers['location'];
      const contentType = String(answer.headers['content-type'] ?? '');
      response = { status: answer.statusCode, contentType, body: await answer.body.text() };
    } catch (error) {
      throw this.networkFailure(outgoing, url, error);
    }
    if (response.status >= 200 && response.status < 300) return response;
    throw statusFailure(outgoing, response.status, location);
  }

  private checkedUrl(text: string): URL {
    const remedy = 'Correct the address in the task, and retry the incident.';
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
      throw new TaskFailure(`"${text}" is no http or https address.`, remedy, false);
    }
    if (url.username !== '' || url.password !== '') {
      throw new TaskFailure(`The address of ${url.host} carries a password.`, 'Send it as a header instead.', false);
    }
    // The lookup is not called for an address that is a number already.
    const literal = url.hostname.replace(/^\[|\]$/g, '');
    if (/^[\d.]+$|:/.test(literal) && !this.guard.permits(literal)) throw forbidden(url.host, literal);
    return url;
  }

  private networkFailure({ method }: OutgoingRequest, url: URL, error: unknown): TaskFailure {
    if (error instanceof TaskFailure) return error;
    const said = error instanceof Error ? error.message : String(error);
    const cause = error instanceof Error && error.cause instanceof TaskFailure ? error.cause : null;
    if (cause !== null) return cause;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
      const reason = `The response of ${url.host} is larger than ${maxBodyBytes / 1024} KB.`;
      return new TaskFailure(reason, 'Ask the service for less, and retry the incident.', false);
    }
    if (code === 'UND_ERR_INVALID_ARG') {
      return new TaskFailure(`The request to ${url.host} cannot be made: ${said}.`, 'Correct the task.', false);
    }
    return new TaskFailure(
      `${method} ${url.origin}${url.pathname} failed: ${said === '' ? code : said}.`,
      'Check that the service is up and reachable from this server, and retry the incident.',
      true,
    );
  }
}

function guardedLookup(guard: AddressGuard): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const refused = addresses?.find(({ address }) => !guard.permits(address));
      if (error !== null) callback(error, []);
      else if (refused !== undefined) callback(forbidden(hostname, refused.address), []);
      else if (options.all === true) callback(null, addresses);
      else callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
}

function forbidden(host: string, address: string): TaskFailure {
  return new TaskFailure(
    `${host} is at ${address}, which is not an address of the public internet, so no request is sent there.`,
    'Use a public address, or list the network in XFLOW_HTTP_ALLOW, and retry the incident.',
    false,
  );
}

function statusFailure({ method, url }: OutgoingRequest, status: number, location: unknown): TaskFailure {
  const { origin, pathname } = new URL(url);
  const what = `${method} ${origin}${pathname} was answered with status ${status}`;
  if (status >= 300 && status < 400) {
    const target = typeof location === 'string' ? `, a redirect to ${location.slice(0, 500)}` : '';
    return new TaskFailure(
      `${what}${target}.`,
      'Redirects are not followed: put the final address into the task.',
      false,
    );
  }
  const isTemporary = status >= 500 || temporary.includes(status);
  const remedy = isTemporary
    ? 'Wait until the service is well again, and retry the incident.'
    : 'Correct the request in the task, and retry the incident.';
  return new TaskFailure(`${what}.`, remedy, isTemporary);
}
