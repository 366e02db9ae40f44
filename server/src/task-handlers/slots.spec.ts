import { Slots } from './slots.js';

const never = new AbortController().signal;

describe('Slots', () => {
  it('lets the next one in, in their order, when a place is given back', async () => {
    const slots = new Slots(1);
    const entered: number[] = [];
    await slots.take(never);
    const second = slots.take(never).then(() => entered.push(2));
    const third = slots.take(never).then(() => entered.push(3));
    slots.give();
    await second;
    expect(entered).toEqual([2]);
    slots.give();
    await third;
    expect(entered).toEqual([2, 3]);
  });

  it('lets go of one who gives up, and keeps no place for it', async () => {
    const slots = new Slots(1);
    await slots.take(never);
    const impatient = new AbortController();
    const waiting = slots.take(impatient.signal);
    impatient.abort();
    await expect(waiting).rejects.toThrow('given up');
    slots.give();
    await slots.take(never);
  });
});
