import { Dice } from '../../test/random/dice.js';
import { TimerHeap } from './timer-heap.js';

describe('a timer heap', () => {
  it('gives out what is due first, and of what is due at once what came first', () => {
    const dice = new Dice('heap');
    const heap = new TimerHeap<{ dueAt: number; order: number }>();
    const items = Array.from({ length: 500 }, (_, order) => ({ dueAt: dice.below(50), order }));
    for (const item of items) heap.push(item.dueAt, item);
    const sorted = [...items].sort((a, b) => a.dueAt - b.dueAt || a.order - b.order);
    expect(items.map(() => heap.pop())).toEqual(sorted);
    expect(heap.nextDueAt).toBeNull();
    expect(heap.pop()).toBeNull();
  });
});
