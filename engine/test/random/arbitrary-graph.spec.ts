import { compileOne } from '../bpmn.js';
import { arbitraryGraph } from './arbitrary-graph.js';
import { Dice } from './dice.js';
import { play } from './play.js';

// SEED=... plays the one graph that a failure has named; GRAPHS=... plays more of them.
const { SEED, FUZZ = '', GRAPHS = '30' } = process.env;
const seeds =
  SEED === undefined ? Array.from({ length: Number(GRAPHS) }, (_, index) => `${FUZZ}graph-${index}`) : [SEED];

describe('arbitrary graphs', () => {
  it.each(seeds)('keep what every step keeps, whatever happens: SEED=%s', async (seed) => {
    const xml = arbitraryGraph(new Dice(seed));
    const definition = await compileOne(xml);
    try {
      play(definition, new Dice(`${seed}/play`), { mayStay: true });
    } catch (error) {
      throw new Error(`SEED=${seed}, of the process\n${xml}`, { cause: error });
    }
  });
});
