import type { Type } from '@nestjs/common';
import type {
  InstanceHistory,
  InstanceStatus,
  ProblemDocument,
  PublishMessageResponse,
  StartResponse,
} from '@xflow/schemas';
import { createServer, type RunningServer } from '../src/main/create-server.js';
import { recount } from '../src/runner/sql/fold-counts.js';
import { closeAfterTests } from './open-resources.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

export interface TestServerOptions {
  /** Default true: a clock that stands at 2026-01-05T09:00:00Z until it is told to move. */
  readonly testClock?: boolean;
  readonly handlers?: readonly Type[];
  /** Serve on a database that another server has; default one of its own. */
  readonly database?: TestDatabase;
}

/** A whole server in this process, on a database of its own and a free port; both go after the tests of the file. */
export async function startTestServer({
  testClock = true,
  handlers = [],
  database,
}: TestServerOptions = {}): Promise<TestServer> {
  const own = database ?? (await createTestDatabase());
  const running = await createServer({
    databaseUrl: own.url,
    port: 0,
    handlers,
    testClock: testClock ? { beginsAt: Date.parse('2026-01-05T09:00:00Z') } : false,
  });
  const server = new TestServer(running, own, database === undefined);
  closeAfterTests(() => server.close());
  return server;
}

export class TestServer {
  readonly api: TestApi;

  constructor(
    private readonly running: RunningServer,
    readonly database: TestDatabase,
    private readonly ownsDatabase: boolean,
  ) {
    this.api = new TestApi(running.url);
  }

  get url(): string {
    return this.running.url;
  }

  /** Stops the server as SIGTERM does; its database stays. */
  async stop(): Promise<void> {
    this.stopped ??= this.running.close();
    await this.stopped;
  }

  /** Happens by itself after the tests of the file. Whatever they did, the numbers of instances must be what is there then. */
  async close(): Promise<void> {
    await this.stop();
    if (this.ownsDatabase) await (this.dropped ??= this.drop());
  }

  private async drop(): Promise<void> {
    const wrong = await recount(this.database.pool);
    await this.database.drop();
    if (wrong.length > 0) throw new Error(`Numbers of instances were wrong: ${JSON.stringify(wrong)}.`);
  }

  private stopped: Promise<void> | undefined;
  private dropped: Promise<void> | undefined;
}

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** The HTTP API in the words of the tests. The named methods expect success. */
export class TestApi {
  constructor(private readonly url: string) {}

  async request<Body = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer<Body>> {
    const text = typeof body === 'string';
    const response = await fetch(`${this.url}/api${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': text ? 'application/xml' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: text ? body : JSON.stringify(body) }),
    });
    const answer = await response.text();
    return { status: response.status, body: (answer === '' ? null : JSON.parse(answer)) as Body };
  }

  async ok<Body>(method: string, path: string, body?: unknown): Promise<Body> {
    const answer = await this.request<Body>(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** Expects a refusal. */
  async refused(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<ProblemDocument> {
    const answer = await this.request<ProblemDocument>(method, path, body, headers);
    if (answer.status < 400)
      throw new Error(`Expected ${method} ${path} to be refused, but it answered ${answer.status}.`);
    return answer.body;
  }

  async deploy(xml: string): Promise<void> {
    await this.ok('POST', '/workflows', xml);
  }

  async createUsers(...ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.ok('PUT', `/users/${id}`, { attributes: { email: `${id}@example.com` } });
  }

  /** Starts an instance; returns its id. */
  async start(key: string, userId: string, variables: object = {}): Promise<string> {
    const { instances } = await this.ok<StartResponse>('POST', `/workflows/${key}/start`, { userId, variables });
    return instances[0]!.id;
  }

  async status(instanceId: string): Promise<InstanceStatus> {
    return await this.ok('GET', `/workflows/${instanceId}/status`);
  }

  async history(instanceId: string): Promise<InstanceHistory['items']> {
    return (await this.ok<InstanceHistory>('GET', `/instances/${instanceId}/history?limit=1000`)).items;
  }

  async publish(name: string, correlationKey: string, more: object = {}): Promise<PublishMessageResponse> {
    return await this.ok('POST', '/messages', { name, correlationKey, ...more });
  }

  /** Moves the test clock, and waits for rest. */
  async advance(by: string): Promise<void> {
    await this.ok('POST', '/clock/advance', { by });
  }

  /** Waits for the jobs and commands that are due now. */
  async rest(): Promise<void> {
    await this.advance('PT0S');
  }
}
