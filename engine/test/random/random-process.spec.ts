import { compileOne } from '../bpmn.js';
import { Dice } from './dice.js';
import { play } from './play.js';
import { randomProcess } from './random-process.js';

// SEED=... plays the one process that a failure has named; PROCESSES=... plays more of them.
const { SEED, FUZZ = '', PROCESSES = '60' } = process.env;
const seeds =
  SEED === undefined ? Array.from({ length: Number(PROCESSES) }, (_, index) => `${FUZZ}process-${index}`) : [SEED];

const playsPerProcess = 4;

describe('random processes', () => {
  it.each(seeds)('run to their end whatever happens: SEED=%s', async (seed) => {
    const xml = randomProcess(new Dice(seed));
    const definition = await compileOne(xml);
    for (let number = 0; number < playsPerProcess; number += 1) {
      try {
        play(definition, new Dice(`${seed}/${number}`));
      } catch (error) {
        throw new Error(`SEED=${seed}, play ${number}, of the process\n${xml}`, { cause: error });
      }
    }
  });
});
