import { inOrder, RisingList } from './rising-list.js';

const item = (number: number, text = '') => ({ id: `token-${number}`, text });

describe('a rising list', () => {
  it.each([5, 50, 500])('of %s items finds, replaces and deletes by id', (count) => {
    const list = new RisingList(Array.from({ length: count }, (_, index) => item(index * 3 + 1)));
    list.add(item(count * 3 + 1));
    list.replace(item(4, 'new'));
    for (let index = 0; index < count; index += 1) if (index !== 1) list.delete(`token-${index * 3 + 1}`);
    expect(list.size).toBe(2);
    expect(list.find('token-1')).toBeUndefined();
    expect(list.find('token-2')).toBeUndefined();
    expect(list.find('token-4')).toEqual(item(4, 'new'));
    expect(list.all()).toEqual([item(4, 'new'), item(count * 3 + 1)]);
  });

  it('leaves the list alone that it was made from', () => {
    const given = [item(1), item(2)];
    const list = new RisingList(given);
    list.delete('token-1');
    expect(given).toEqual([item(1), item(2)]);
  });

  it('orders ids by number', () => {
    expect(inOrder(['token-10', 'token-9', 'token-101'])).toEqual(['token-9', 'token-10', 'token-101']);
  });
});
