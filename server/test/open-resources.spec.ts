import { closeAfterTests } from './open-resources.js';

const closed: string[] = [];
const closing = (name: string) => (): Promise<void> => {
  closed.push(name);
  return Promise.resolve();
};

describe('closeAfterTests', () => {
  it('leaves open what the tests still use', async () => {
    closeAfterTests(() => {
      // The last to be closed sees all others.
      expect(closed).toEqual(['server', 'database']);
      return Promise.resolve();
    });
    closeAfterTests(closing('database'));
    closeAfterTests(closing('server'));
    await Promise.resolve();
    expect(closed).toEqual([]);
  });
});
