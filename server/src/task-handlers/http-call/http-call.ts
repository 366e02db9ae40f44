import type { Json } from '@xflow/engine';
import { OutgoingHttp, type OutgoingRequest } from '../../outgoing-http/outgoing-http.js';
import { TaskFailure } from '../../task-dispatch/task-executor.js';
import { TaskHandler, type Job, type JobHandler } from '../task-handler.js';

/** Configuration: schemas/tasks/http-call.json */
interface Config {
  readonly url: string;
  readonly method?: OutgoingRequest['method'];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
}

/** Calls an HTTP API. The result: `{ status, body }`; the body as JSON where the response says so, else as text. */
@TaskHandler('http-call')
export class HttpCall implements JobHandler<Config> {
  constructor(private readonly http: OutgoingHttp) {}

  async run({ config, idempotencyKey }: Job<Config>, signal: AbortSignal): Promise<Json> {
    const { url, method = 'GET', headers = {}, body } = config;
    const sent = {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      // GET is repeatable by definition (RFC 9110, section 9.2.2).
      ...(method === 'GET' ? {} : { 'idempotency-key': idempotencyKey }),
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    };
    const request = { url, method, headers: sent, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await this.http.send(request, signal);
    return { status: response.status, body: parsed(response.contentType, response.body) };
  }
}

function parsed(contentType: string, body: string): Json {
  if (body === '') return null;
  if (!/^application\/([^;]+\+)?json\b/i.test(contentType)) return body;
  try {
    return JSON.parse(body) as Json;
  } catch {
    throw new TaskFailure(
      'The response says that it is JSON, but it is not.',
      'Let the service answer valid JSON, and retry the incident.',
      true,
    );
  }
}
