import type { CompleteTasksRequest, CompleteTasksResponse } from '@xflow/schemas';
import { Completions } from './completions.js';
import { LeaseLostError, RefusedError } from './refused-error.js';

type Answer = (ids: readonly string[]) => CompleteTasksResponse['refused'];

/** Completions to a server that answers as it is told; `requests` are the ids that were sent together. */
function sentTo(answer: Answer): { completions: Completions; requests: string[][] } {
  const requests: string[][] = [];
  const completions = new Completions(async (_path, body) => {
    const ids = (body as CompleteTasksRequest).tasks.map(({ id }) => id);
    requests.push(ids);
    const refused = answer(ids);
    return await Promise.resolve(Response.json({ completed: ids.length - refused.length, refused }));
  });
  return { completions, requests };
}

const completion = (id: string, variables = {}) => ({ id, leaseToken: 'token', variables });

describe('completions', () => {
  it('that come together go together, and those that come meanwhile with the next request', async () => {
    const { completions, requests } = sentTo(() => []);
    const first = ['a', 'b'].map((id) => completions.send(completion(id)));
    await first[0]!.then(() => Promise.all(['c', 'd'].map((id) => completions.send(completion(id)))));
    expect(requests).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('are answered each for itself', async () => {
    const { completions } = sentTo(() => [
      { id: 'b', reason: 'lease-lost' },
      { id: 'c', reason: 'unavailable' },
    ]);
    const [a, b, c] = await Promise.allSettled(['a', 'b', 'c'].map((id) => completions.send(completion(id))));
    expect(a).toMatchObject({ status: 'fulfilled' });
    const reasonOf = (settled?: PromiseSettledResult<void>): unknown =>
      settled?.status === 'rejected' ? settled.reason : null;
    expect(reasonOf(b)).toBeInstanceOf(LeaseLostError);
    // Whoever sends it again may succeed.
    expect(reasonOf(c)).toBeInstanceOf(Error);
    expect(reasonOf(c)).not.toBeInstanceOf(RefusedError);
  });

  it('are sent alone when the server refuses them together', async () => {
    const { completions, requests } = sentTo((ids) => {
      if (ids.includes('b')) throw new RefusedError('One of them is wrong.');
      return [];
    });
    const sent = await Promise.allSettled(['a', 'b', 'c'].map((id) => completions.send(completion(id))));
    expect(sent.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(requests).toEqual([['a', 'b', 'c'], ['a'], ['b'], ['c']]);
  });

  it('are divided where they are many, or large', async () => {
    const { completions, requests } = sentTo(() => []);
    await Promise.all(Array.from({ length: 600 }, (_, index) => completions.send(completion(`${index}`))));
    expect(requests.map(({ length }) => length)).toEqual([250, 250, 100]);
    requests.length = 0;
    const large = { text: 'x'.repeat(200_000) };
    await Promise.all(['a', 'b', 'c'].map((id) => completions.send(completion(id, large))));
    expect(requests).toEqual([['a'], ['b'], ['c']]);
  });
});
