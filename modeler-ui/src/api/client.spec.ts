import type { ProblemDocument } from '@xflow/schemas';
import { ApiProblem, documentOf } from './api-problem.js';
import { createClient } from './client.js';

interface Call {
  readonly url: string;
  readonly init: RequestInit;
}
function clientAnswering(answer: () => Response | Promise<Response>) {
  const calls: Call[] = [];
  const client = createClient(async (url, init) => {
    calls.push({ url: String(url), init: init ?? {} });
    return answer();
  });
  return { client, calls };
}
const ok = (body: unknown) => () => Response.json(body);
async function problemOf(work: Promise<unknown>): Promise<ProblemDocument> {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ApiProblem);
  return documentOf(error);
}

describe('the client of the API', () => {
  it('sends only the filters that are set', async () => {
    const { client, calls } = clientAnswering(ok({ items: [], nextCursor: null }));
    await client.instances({ workflow: 'win-back', status: '', incident: false }, null);
    expect(calls[0]?.url).toBe('/api/instances?workflow=win-back&limit=50');
  });

  it('encodes ids into the path', async () => {
    const { client, calls } = clientAnswering(ok({}));
    await client.user('a/b?c');
    expect(calls[0]?.url).toBe('/api/users/a%2Fb%3Fc');
  });

  it('sends the idempotency key of a start', async () => {
    const { client, calls } = clientAnswering(ok({ instances: [] }));
    await client.start('win-back', { userId: 'u1' }, 'key-1');
    expect(calls[0]?.init.headers).toMatchObject({ 'idempotency-key': 'key-1', 'content-type': 'application/json' });
    expect(calls[0]?.init.body).toBe('{"userId":"u1"}');
  });

  it('takes an answer without content', async () => {
    const { client } = clientAnswering(() => new Response(null, { status: 204 }));
    await expect(client.completeTask('i:k', { variables: {} })).resolves.toBeUndefined();
  });

  it("throws the server's problem document", async () => {
    const document = {
      type: 'urn:xflow:problem:deploy-refused',
      title: 'Deploy refused',
      status: 422,
      detail: 'One problem was found.',
      errors: [{ elementId: 'A', message: 'It is wrong.', remedy: 'Correct it.' }],
    };
    const { client } = clientAnswering(() => Response.json(document, { status: 422 }));
    await expect(problemOf(client.deploy('<xml/>'))).resolves.toEqual(document);
  });

  it('makes a problem document where the server sent none', async () => {
    const { client } = clientAnswering(() => new Response('<html>', { status: 502, statusText: 'Bad Gateway' }));
    const problem = await problemOf(client.workflows());
    expect(problem).toMatchObject({ status: 502, title: 'Bad Gateway' });
    expect(problem.detail).toContain('/api/workflows');
  });

  it('says that the server cannot be reached', async () => {
    const { client } = clientAnswering(() => Promise.reject(new TypeError('fetch failed')));
    await expect(problemOf(client.workflows())).resolves.toMatchObject({
      type: 'urn:xflow:problem:unreachable',
      status: 0,
    });
  });
});

describe('documentOf', () => {
  it('shows an error of the console itself', () => {
    expect(documentOf(new Error('No diagram.'))).toMatchObject({ title: 'Console error', detail: 'No diagram.' });
  });
});
