import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from '@xflow/engine';
import type { Mail } from '@xflow/schemas';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { BpmnError } from '../../src/task-handlers/bpmn-error.js';
import { TaskHandler, type Job, type JobHandler } from '../../src/task-handlers/task-handler.js';
import { diagram, end, process as processOf, sequence, start, task } from '../diagram.js';
import { closeAfterTests } from '../open-resources.js';
import { startTestServer, type TestServer } from '../test-server.js';

interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What handlers call, on the loopback. `/status/N` answers with that status, `/flaky` fails twice, `/large` never ends. */
class Sink {
  readonly received: Received[] = [];
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async open(): Promise<Sink> {
    let sink: Sink | null = null;
    let flaky = 0;
    const server = createHttpServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const path = request.url ?? '';
        sink!.received.push({ method: request.method ?? '', path, headers: request.headers, body });
        const status = Number(/^\/status\/(\d+)/.exec(path)?.[1] ?? (path === '/flaky' && flaky++ < 2 ? 503 : 200));
        response.writeHead(status, {
          'content-type': 'application/json',
          ...(status === 302 ? { location: 'http://169.254.169.254/' } : {}),
        });
        response.end(path === '/large' ? 'x'.repeat(300_000) : JSON.stringify({ hello: 'world' }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    sink = new Sink(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return sink;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.closeAllConnections();
      this.server.close(() => {
        resolve();
      });
    });
  }
}

@TaskHandler('reserve', {
  schema: { type: 'object', properties: { seats: { type: 'integer' } }, required: ['seats'] },
  maxAttempts: 2,
})
class Reserve implements JobHandler<{ seats: number }> {
  attempts = 0;
  run({ config, attempt }: Job<{ seats: number }>): Promise<Json> {
    if (config.seats > 100) throw new BpmnError('FULL', 'No seats left.', { left: 3 });
    if (config.seats < 0) throw new Error(`The seats fell off in attempt ${attempt}.`);
    return Promise.resolve({ reserved: config.seats });
  }
}

const mailTask = (id: string, attributes: string): string =>
  `<bpmn:sendTask id="${id}"><bpmn:extensionElements><xflow:message ${attributes}/></bpmn:extensionElements></bpmn:sendTask>`;

describe('handlers that do jobs', () => {
  let server: TestServer;
  let sink: Sink;
  beforeAll(async () => {
    sink = await Sink.open();
    closeAfterTests(() => sink.close());
    process.env['XFLOW_HTTP_ALLOW'] = '127.0.0.1/32';
    server = await startTestServer({ handlers: [Reserve] });
    await server.api.ok('PUT', '/templates/hello', {
      id: 'hello',
      subject: 'Hello {{ user.attributes.name }} & co',
      body: '<p>{{ user.attributes.name }} has {{ variables.points }} points in {{ instance.workflowKey }}</p>',
    });
    await server.api.ok('PUT', '/templates/hook', {
      id: 'hook',
      body: '{ "who": "{{ user.attributes.name }}", "all": {{ user.tags | json | raw }} }',
    });
    await server.api.ok('PUT', '/users/ann', {
      attributes: { email: 'ann@example.com', name: '<b>"Ann"</b>\nSmith' },
      tags: ['x'],
    });
    await server.api.ok('PUT', '/users/bob', {});
  });
  afterAll(() => {
    delete process.env['XFLOW_HTTP_ALLOW'];
  });

  let processes = 0;
  /** Runs one element for a user to its rest. */
  const run = async (element: string, userId = 'ann', variables: object = {}) => {
    const key = `job-${++processes}`;
    await server.api.deploy(diagram(processOf(key, sequence(start, element, end))));
    const id = await server.api.start(key, userId, variables);
    await server.api.rest();
    return server.api.status(id);
  };

  it('keeps mail in the mailbox where there is no SMTP server, rendered and escaped', async () => {
    const status = await run(mailTask('greet', 'channel="email" template="hello"'), 'ann', { points: 7 });
    expect(status).toMatchObject({
      status: 'completed',
      variables: { message: { sent: true, via: 'mailbox', to: 'ann@example.com' } },
    });
    const { items } = await server.api.ok<{ items: Mail[] }>('GET', '/mailbox');
    expect(items).toMatchObject([
      {
        to: 'ann@example.com',
        subject: 'Hello <b>"Ann"</b> Smith & co',
        html: `<p>&lt;b&gt;&#34;Ann&#34;&lt;/b&gt;\nSmith has 7 points in ${status.workflowKey}</p>`,
        userId: 'ann',
        instanceId: status.id,
        elementId: 'greet',
      },
    ]);
  });

  it('serves a kept mail as a page that reaches nothing', async () => {
    await run(mailTask('greet', 'channel="email" template="hello"'), 'ann', { points: 7 });
    const { items } = await server.api.ok<{ items: Mail[] }>('GET', '/mailbox?limit=1');
    const page = await fetch(`${server.url}/api/mailbox/${items[0]!.id}/html`);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toBe(
      `sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'`,
    );
    expect(await page.text()).toContain(items[0]!.html);
  });

  it.each(['999999', '0', '-1', 'x', '9'.repeat(30)])('has no mail %s to serve', async (id) => {
    expect(await server.api.refused('GET', `/mailbox/${id}/html`)).toMatchObject({
      status: 404,
      detail: expect.stringContaining(`There is no mail ${id} in the mailbox.`) as string,
    });
  });

  it('makes an incident at once of a mail without an address', async () => {
    const status = await run(mailTask('greet', 'channel="email" template="hello"'), 'bob');
    expect(status.incidents).toMatchObject([{ type: 'task-failed', elementId: 'greet' }]);
    expect(status.incidents[0]!.reason).toContain(
      'The user "bob" has no attribute email, and the task names no address.',
    );
  });

  it('posts a webhook with its idempotency key, rendered for JSON', async () => {
    sink.received.length = 0;
    const status = await run(mailTask('tell', `channel="webhook" url="${sink.url}/hook" template="hook"`));
    expect(status).toMatchObject({ status: 'completed', variables: { message: { sent: true, status: 200 } } });
    const [call] = sink.received;
    expect(JSON.parse(call!.body)).toEqual({ who: '<b>"Ann"</b>\nSmith', all: ['x'] });
    expect(call!.headers['idempotency-key']).toContain(`${status.id}:tell:`);
  });

  it('posts user, variables and instance where the webhook has no template', async () => {
    sink.received.length = 0;
    const status = await run(mailTask('tell', `channel="webhook" url="${sink.url}/hook"`), 'ann', { n: 1 });
    expect(JSON.parse(sink.received[0]!.body)).toMatchObject({
      user: { id: 'ann', tags: ['x'] },
      variables: { n: 1 },
      instance: { id: status.id },
    });
  });

  it('calls an HTTP API, and brings status and body back', async () => {
    sink.received.length = 0;
    const inputs = {
      url: `${sink.url}/things`,
      method: 'POST',
      body: '={ a: n + 1 }',
      headers: '={ &quot;X-Key&quot;: &quot;k&quot; }',
    };
    const status = await run(task('call', 'http-call', inputs), 'ann', { n: 1 });
    expect(status.variables).toMatchObject({ result: { status: 200, body: { hello: 'world' } } });
    expect(sink.received).toMatchObject([
      { method: 'POST', path: '/things', body: '{"a":2}', headers: { 'x-key': 'k' } },
    ]);
  });

  it('retries what may pass, with the same key', async () => {
    sink.received.length = 0;
    const key = `job-${++processes}`;
    await server.api.deploy(
      diagram(
        processOf(key, sequence(start, task('call', 'http-call', { url: `${sink.url}/flaky`, method: 'PUT' }), end)),
      ),
    );
    const id = await server.api.start(key, 'ann');
    for (let attempt = 0; attempt < 2; attempt++) await server.api.advance('PT10M');
    expect(await server.api.status(id)).toMatchObject({ status: 'completed' });
    expect(sink.received).toHaveLength(3);
    expect(new Set(sink.received.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  it.each([
    ['a refusal of the service', '/status/422', 'answered with status 422'],
    ['a redirect', '/status/302', 'a redirect to http://169.254.169.254/'],
    ['a response that is too large', '/large', 'larger than 256 KB'],
  ])('does not retry %s', async (_what, path, reason) => {
    sink.received.length = 0;
    const status = await run(task('call', 'http-call', { url: sink.url + path }));
    expect(status.incidents[0]!.reason).toContain(reason);
    expect(sink.received).toHaveLength(1);
  });

  it.each([
    'http://127.0.0.2/',
    'http://[::1]/',
    'http://[::127.0.0.1]/',
    'http://[::ffff:10.0.0.1]/',
    'http://0x7f000002/',
    'http://169.254.169.254/latest/meta-data',
    'http://user:secret@127.0.0.1/',
  ])('sends nothing to %s', async (url) => {
    const status = await run(task('call', 'http-call', { url }));
    expect(status.incidents).toHaveLength(1);
    expect(status.incidents[0]!.reason).toMatch(/not an address of the public internet|carries a password/);
    expect(status.incidents[0]!.reason).not.toContain('secret');
  });

  it('checks the addresses that a name resolves to', async () => {
    const port = new URL(sink.url).port;
    sink.received.length = 0;
    const status = await run(task('call', 'http-call', { url: `http://localhost:${port}/` }));
    // localhost is 127.0.0.1, which is allowed here; where it is ::1 too, which is not, the name is refused as a whole.
    const reached = status.status === 'completed';
    expect(sink.received).toHaveLength(reached ? 1 : 0);
    if (!reached) expect(status.incidents[0]!.reason).toContain('localhost is at ::1');
  });

  it("runs a developer's handler: results, BPMN errors, and its own number of attempts", async () => {
    expect((await run(task('book', 'reserve', { seats: '2' }))).variables).toMatchObject({ result: { reserved: 2 } });
    const full = await run(task('book', 'reserve', { seats: '200' }));
    expect(full.incidents).toMatchObject([{ type: 'uncaught-error' }]);
    const key = `job-${++processes}`;
    await server.api.deploy(diagram(processOf(key, sequence(start, task('book', 'reserve', { seats: '-1' }), end))));
    const id = await server.api.start(key, 'ann');
    await server.api.advance('PT10M');
    expect((await server.api.status(id)).incidents[0]!.reason).toContain('The seats fell off in attempt 2.');
  });

  it('reaches a user no more often than the frequency cap allows, over all instances', async () => {
    const key = `job-${++processes}`;
    const cap = '<bpmn:extensionElements><xflow:frequencyCap max="1" window="P1D"/></bpmn:extensionElements>';
    const greet = mailTask('greet', 'channel="email" template="hello"');
    await server.api.deploy(diagram(processOf(key, cap + sequence(start, greet, end))));
    await server.api.ok('PUT', '/users/cap', { attributes: { email: 'cap@example.com' } });
    await server.api.ok('POST', `/workflows/${key}/start`, {
      users: Array.from({ length: 5 }, () => ({ userId: 'cap' })),
    });
    await server.api.rest();
    const mails = async () =>
      (await server.api.ok<{ items: Mail[] }>('GET', '/mailbox')).items.filter(({ userId }) => userId === 'cap').length;
    expect(await mails()).toBe(1);
    await server.api.advance('PT23H59M59.999S');
    const refused = await server.api.status(await server.api.start(key, 'cap'));
    expect(refused).toMatchObject({ status: 'completed', variables: { message: { sent: false } } });
    await server.api.advance('PT0.001S');
    await server.api.start(key, 'cap');
    await server.api.rest();
    expect(await mails()).toBe(2);
  });
});

describe('mail through an SMTP server', () => {
  const mails: Email[] = [];
  let smtp: SMTPServer;
  let server: TestServer;
  beforeAll(async () => {
    smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onRcptTo: ({ address }, _session, done) => {
        done(address.startsWith('refused') ? Object.assign(new Error('No such mailbox'), { responseCode: 550 }) : null);
      },
      onData: (stream, _session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          void PostalMime.parse(Buffer.concat(chunks)).then((mail) => {
            mails.push(mail);
            done();
          });
        });
      },
    });
    await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
    closeAfterTests(() => new Promise<void>((resolve) => smtp.close(resolve)));
    process.env['SMTP_URL'] = `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`;
    process.env['MAIL_FROM'] = 'Shop <news@shop.example>';
    server = await startTestServer();
    await server.api.ok('PUT', '/templates/hello', { id: 'hello', subject: 'Hi {{ user.id }}', body: '<p>Grüße</p>' });
    const greet = mailTask('greet', 'channel="email" template="hello" to="= address"');
    await server.api.deploy(diagram(processOf('greet-all', sequence(start, greet, end))));
    await server.api.ok('PUT', '/users/ann', {});
  });
  afterAll(() => {
    delete process.env['SMTP_URL'];
    delete process.env['MAIL_FROM'];
  });

  it('is delivered with the idempotency key as its Message-ID', async () => {
    const id = await server.api.start('greet-all', 'ann', { address: 'ann@example.com' });
    await server.api.rest();
    expect(await server.api.status(id)).toMatchObject({
      status: 'completed',
      variables: { message: { sent: true, via: 'smtp' } },
    });
    expect(mails).toMatchObject([
      { subject: 'Hi ann', from: { name: 'Shop', address: 'news@shop.example' }, to: [{ address: 'ann@example.com' }] },
    ]);
    expect(mails[0]!.html).toContain('Grüße');
    expect(mails[0]!.messageId).toMatch(new RegExp(`^<${id}%3Agreet%3A.+@shop\\.example>$`));
  });

  it.each([
    ['an address that the server refuses', 'refused@example.com', 'No such mailbox'],
    ['a second recipient', 'a@example.com, b@example.com', 'no e-mail address'],
    ['a smuggled header', 'a@example.com\r\nBcc: b@example.com', 'no e-mail address'],
  ])('fails for good on %s', async (_what, address, reason) => {
    const before = mails.length;
    const id = await server.api.start('greet-all', 'ann', { address });
    await server.api.rest();
    expect((await server.api.status(id)).incidents[0]!.reason).toContain(reason);
    expect(mails).toHaveLength(before);
  });
});
