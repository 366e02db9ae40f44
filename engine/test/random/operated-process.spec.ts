import type { Definition } from '../../src/definition.js';
import { compileOne } from '../bpmn.js';
import { Dice } from './dice.js';
import { play, type PlayOptions } from './play.js';
import { randomProcess } from './random-process.js';

// SEED=... plays the one process that a failure has named; PROCESSES=... plays more of them.
const { SEED, FUZZ = '', PROCESSES = '12' } = process.env;
const seeds =
  SEED === undefined ? Array.from({ length: Number(PROCESSES) }, (_, index) => `${FUZZ}operated-${index}`) : [SEED];

describe('random processes that someone operates', () => {
  it.each(seeds)('bear any modification: SEED=%s', async (seed) => {
    const xml = randomProcess(new Dice(seed));
    playOften(seed, xml, await compileOne(xml), { mayStay: true, meddling: true });
  });

  it.each(seeds)('go on under a definition with other ids, and come to their end: SEED=%s', async (seed) => {
    const xml = randomProcess(new Dice(seed));
    const definition = await compileOne(xml);
    const ids = new Set([...definition.nodes.keys(), ...definition.flows.keys()]);
    const twin = await compileOne(xml.replace(/\b\w+\b/g, (word) => (ids.has(word) ? `${word}_too` : word)));
    const mapping = [...ids].map((source) => ({ source, target: `${source}_too` }));
    playOften(seed, xml, definition, { twin: { definition: twin, mapping } });
  });

  it.each(seeds)('are not changed by a migration to the same definition: SEED=%s', async (seed) => {
    const xml = randomProcess(new Dice(seed));
    playOften(seed, xml, await compileOne(xml), { twin: { definition: await compileOne(xml), mapping: [] } });
  });
});

function playOften(seed: string, xml: string, definition: Definition, options: PlayOptions): void {
  for (let number = 0; number < 2; number += 1) {
    try {
      play(definition, new Dice(`${seed}/${number}`), options);
    } catch (error) {
      throw new Error(`SEED=${seed}, play ${number}, of the process\n${xml}`, { cause: error });
    }
  }
}
