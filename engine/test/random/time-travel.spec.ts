import type { Definition } from '../../src/definition.js';
import { diffBehaviour } from '../../src/time-travel/diff-behaviour.js';
import { fork } from '../../src/time-travel/fork.js';
import { replay, type RecordedHistory } from '../../src/time-travel/replay.js';
import { compileOne, flow } from '../bpmn.js';
import { arbitraryGraph } from './arbitrary-graph.js';
import { Dice } from './dice.js';
import { play, type PlayOptions } from './play.js';
import { randomProcess } from './random-process.js';

// SEED=... plays the one process that a failure has named; PROCESSES=... plays more of them, a quarter of it here, because each is played many times.
const { SEED, FUZZ = '', PROCESSES = '24' } = process.env;
const seeds =
  SEED === undefined
    ? Array.from({ length: Math.ceil(Number(PROCESSES) / 4) }, (_, index) => `${FUZZ}travel-${index}`)
    : [SEED];

function played(definition: Definition, seed: string, options: PlayOptions = {}): RecordedHistory {
  const { inputs } = play(definition, new Dice(`${seed}/travel`), options);
  return { instanceId: 'i', subjectId: 'ada', steps: inputs.map((input) => ({ input })) };
}

describe('time travel over random histories', () => {
  it.each(seeds)('goes the same way again from every step: SEED=%s', async (seed) => {
    for (const [xml, options] of [
      [randomProcess(new Dice(seed)), {}],
      [randomProcess(new Dice(seed)), { mayStay: true, meddling: true }],
      [arbitraryGraph(new Dice(seed)), { mayStay: true }],
    ] as const) {
      const definition = await compileOne(xml);
      const history = played(definition, seed, options);
      const steps = replay(definition, history);
      for (let at = 0; at <= steps.length; at += 1 + Math.floor(steps.length / 10)) {
        const inputs = steps.slice(at).map(({ input }) => input);
        expect(fork(definition, history, { at, inputs })).toMatchObject({ ok: true, steps: steps.slice(at) });
      }
      expect(diffBehaviour(definition, definition, [history])).toMatchObject([{ fits: true, partsAt: null }]);
    }
  });

  it.each(seeds)('finds an addition that other ids come of, and nothing besides: SEED=%s', async (seed) => {
    const xml = randomProcess(new Dice(seed));
    const definition = await compileOne(xml);
    const added = `<bpmn:parallelGateway id="added" /><bpmn:endEvent id="beside" />${flow('to_beside: added -> beside')}`;
    const larger = await compileOne(
      xml.replace(
        /(<bpmn:sequenceFlow id="\w+" sourceRef="node1" targetRef=")(\w+)("><\/bpmn:sequenceFlow>)/,
        (_, ...parts) => {
          const [before, target, after] = parts as string[];
          return `${before}added${after}${added}${flow(`from_added: added -> ${target}`)}`;
        },
      ),
    );
    for (const options of [{}, { mayStay: true, meddling: true }]) {
      const [diff] = diffBehaviour(definition, larger, [played(definition, seed, options)]);
      expect(diff).toMatchObject({ fits: true, misfit: null });
      const gained = diff!.changes.flatMap((change) => change.gained);
      expect(diff!.changes.flatMap(({ lost }) => lost)).toEqual([]);
      expect(gained.filter((fact) => fact !== 'enters "added"' && fact !== 'enters "beside"')).toEqual([]);
    }
  });

  it.each(seeds)('compares with a process that has little to do with it: SEED=%s', async (seed) => {
    const xml = randomProcess(new Dice(seed));
    const definition = await compileOne(xml);
    const other = await compileOne(randomProcess(new Dice(`${seed}/other`)));
    for (const options of [{}, { mayStay: true, meddling: true }]) {
      const history = played(definition, seed, options);
      const [diff] = diffBehaviour(definition, other, [history]);
      expect(diff!.fits).toBe(diff!.misfit === null);
      expect(diff!.misfit?.reason ?? '.').toMatch(/\.$/);
    }
  });
});
