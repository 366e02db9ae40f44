import type { BatchOperation } from '@xflow/schemas';
import { operationFigures } from './operation-figures.js';

const begun = Date.parse('2026-01-05T09:00:00Z');
const operation: BatchOperation = {
  id: 'o1',
  action: 'cancel',
  filter: {},
  version: null,
  mapping: [],
  incidents: null,
  status: 'running',
  total: 100,
  done: 20,
  failed: 5,
  ratePerSecond: 1_000,
  createdAt: '2026-01-05T09:00:00Z',
  endedAt: null,
};

describe('the figures of a batch operation', () => {
  it('tell how far it is, how fast it goes, and how long it will take', () => {
    expect(operationFigures(operation, begun + 5_000)).toEqual({ share: 0.25, length: 5_000, rate: 5, left: 15_000 });
  });

  it('tell a slow rate to a tenth, and a fast one as a whole number', () => {
    const rateAfter = (milliseconds: number): number | null => operationFigures(operation, begun + milliseconds).rate;
    expect([30_000, 1_100].map(rateAfter)).toEqual([0.8, 23]);
  });

  it('know nothing of the end while instances are still being chosen', () => {
    expect(operationFigures({ ...operation, status: 'collecting' }, begun + 5_000).left).toBeNull();
  });

  it('of one that is over stand still', () => {
    const over = { ...operation, status: 'done', done: 95, endedAt: '2026-01-05T09:00:10Z' } as const;
    expect(operationFigures(over, begun + 60_000)).toEqual({ share: 1, length: 10_000, rate: 10, left: null });
  });

  it('of one that found nothing are complete', () => {
    const empty = { ...operation, status: 'done', total: 0, done: 0, failed: 0, endedAt: operation.createdAt } as const;
    expect(operationFigures(empty, begun)).toEqual({ share: 1, length: 0, rate: null, left: null });
  });
});
