import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiClient, describeProblem } from './api-client.js';

describe('the API client', () => {
  let server: Server;
  let client: ApiClient;
  let answers: { status: number; body: string }[];
  let requests: number;
  beforeEach(async () => {
    answers = [];
    requests = 0;
    server = createServer((_request, response) => {
      requests += 1;
      const { status, body } = answers.shift()!;
      response.writeHead(status).end(body);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    client = new ApiClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('tries again while the server restarts, when it may', async () => {
    answers = [
      { status: 503, body: '' },
      { status: 200, body: '{"ok":true}' },
    ];
    expect(await client.request({ method: 'GET', path: '/health', retryFor: 5_000 })).toEqual({ ok: true });
    expect(requests).toBe(2);
  });

  it('does not repeat what was refused', async () => {
    const problem = { type: 'urn:xflow:problem:x', title: 'Refused', status: 400, detail: 'The name is missing.' };
    answers = [{ status: 400, body: JSON.stringify(problem) }];
    const refused = client.request({ method: 'POST', path: '/x', body: {}, retryFor: 5_000 });
    await expect(refused).rejects.toThrow('The name is missing.');
    expect(requests).toBe(1);
  });

  it('says that something else than xflow answers', async () => {
    answers = [{ status: 404, body: '<html>' }];
    await expect(client.request({ method: 'GET', path: '/workflows' })).rejects.toThrow(
      'The server refused GET /workflows with status 404 and gave no reason. Is it an xflow server?',
    );
  });
});

describe('a problem document', () => {
  const problem = { type: 'urn:xflow:problem:x', title: 'Refused', status: 400 };

  it('is printed with every error on a line of its own', () => {
    const errors = [
      { elementId: 'Gateway_1', rule: 'flows', message: 'Flow "f" has no condition.', remedy: 'Add one.' },
      { field: '$.name', message: 'Is missing.', remedy: 'Name it.' },
    ];
    expect(describeProblem({ ...problem, detail: 'Two problems.', errors })).toBe(
      'Two problems.\n  Gateway_1 flows: Flow "f" has no condition. Add one.\n  $.name: Is missing. Name it.',
    );
  });

  it('does not say twice what its detail says', () => {
    const errors = [{ message: 'The body is empty.', remedy: 'Send one.' }];
    expect(describeProblem({ ...problem, detail: 'Refused: The body is empty. Send one.', errors })).toBe(
      'Refused: The body is empty. Send one.',
    );
  });
});
