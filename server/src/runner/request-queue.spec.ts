import { parseBounds } from './bounds.js';
import type { RunnerRequest, StartOrder } from './request.js';
import { RequestQueue } from './request-queue.js';

describe('RequestQueue', () => {
  let now = 0;
  let queue: RequestQueue;
  beforeEach(() => {
    now = 0;
    queue = new RequestQueue(() => now, parseBounds(''));
  });

  const add = (request: RunnerRequest): Promise<unknown> => queue.add(request, () => undefined);
  const start = (instanceId: string, key?: string): StartOrder => ({
    kind: 'start',
    instanceId,
    workflowKey: 'w',
    version: null,
    startEvent: null,
    subjectId: 's',
    variables: {},
    businessKey: null,
    idempotency: key === undefined ? null : { key, fingerprint: 'f' },
  });
  const input = (instanceId: string, keep = false): RunnerRequest => ({
    kind: 'input',
    subjectId: 's',
    instanceId,
    input: { kind: 'cancelled', reason: '' },
    keep,
  });
  const message = (id: string, correlationKey: string): RunnerRequest => ({
    kind: 'publish',
    named: true,
    message: { id, name: 'm', correlationKey, variables: {}, publishedAt: 0, expiresAt: 0, keptUntil: 0 },
  });
  const ids = (taken: ReturnType<RequestQueue['take']>): string[] =>
    taken.map(({ request }) =>
      request.kind === 'publish' ? request.message.id : 'instanceId' in request ? request.instanceId : request.kind,
    );

  it('lets a burst in, and refuses what comes while the oldest request waits for too long', async () => {
    for (let index = 0; index < 9_000; index++) void add(start(`i${index}`));
    now = 2_000;
    void add(start('in time'));
    now = 2_001;
    await expect(add(start('late'))).rejects.toMatchObject({ status: 429 });
    queue.take(500);
    await expect(add(start('still late'))).rejects.toMatchObject({ status: 429 });
    queue.take(8_500);
    void add(start('after the queue has shrunk'));
    expect(ids(queue.take(500))).toEqual(['in time', 'after the queue has shrunk']);
  });

  it('keeps what would be lost while there is room, and no more than there is room for', async () => {
    void add(start('i'));
    now = 10_000;
    void add(input('kept', true));
    expect(queue.length).toBe(2);
    for (let index = 2; index < 10_000; index++) void add(input(`i${index}`, true));
    await expect(add(input('too many', true))).rejects.toMatchObject({ status: 429 });
  });

  it('never has two batches at once for messages of one name and key, nor for one instance', () => {
    for (const request of [message('1', 'ann'), message('2', 'ann'), message('3', 'bob'), input('i')])
      void add(request);
    const first = queue.take(1);
    expect(ids(first)).toEqual(['1']);
    const second = queue.take(10);
    expect(ids(second)).toEqual(['3', 'i']);
    void add(input('i'));
    expect(ids(queue.take(10))).toEqual([]);
    queue.release(first, []);
    queue.release(second, second);
    expect(ids(queue.take(10))).toEqual(['3', 'i', '2', 'i']);
  });

  it('never has two requests with one idempotency key under way', () => {
    for (const request of [start('1', 'k'), start('2', 'k'), start('3', 'other')]) void add(request);
    const first = queue.take(10);
    expect(ids(first)).toEqual(['1', '3']);
    expect(ids(queue.take(10))).toEqual([]);
    queue.release(first, []);
    expect(ids(queue.take(10))).toEqual(['2']);
  });

  it('tells whether a batch could take the request now', () => {
    const ready: boolean[] = [];
    const note = (is: boolean): void => void ready.push(is);
    void queue.add(input('i'), note);
    queue.take(10);
    void queue.add(input('i'), note);
    void queue.add(input('j'), note);
    expect(ready).toEqual([true, false, true]);
  });
});
