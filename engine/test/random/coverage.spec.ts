import { elements } from '../../src/elements/index.js';
import { compileOne } from '../bpmn.js';
import { arbitraryGraph } from './arbitrary-graph.js';
import { Dice } from './dice.js';
import { randomProcess } from './random-process.js';

/** So many bring every element by far; the first ones are those that the other suites play. */
const enough = 300;

describe('random processes', () => {
  it.each([
    ['blocks', 'process', randomProcess],
    ['arbitrary graphs', 'graph', arbitraryGraph],
  ])('of %s contain every element', async (_, name, write) => {
    const missing = new Set<string>(Object.keys(elements));
    for (let index = 0; index < enough && missing.size > 0; index += 1) {
      const { nodes } = await compileOne(write(new Dice(`${name}-${index}`)));
      for (const { type } of nodes.values()) missing.delete(type);
    }
    expect([...missing]).toEqual([]);
  });
});
