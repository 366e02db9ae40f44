import { newInstanceId } from './instance-id.js';

describe('newInstanceId', () => {
  it('makes UUIDs of version 7 that carry the time', () => {
    const at = Date.parse('2026-01-05T09:00:00.123Z');
    const id = newInstanceId(at);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(at);
  });

  it('keeps the order of making, also within a millisecond', () => {
    const ids = Array.from({ length: 20_000 }, () => newInstanceId(1_000));
    expect([...ids].sort()).toEqual(ids);
    expect(newInstanceId(1_001) > ids.at(-1)!).toBe(true);
  });
});
