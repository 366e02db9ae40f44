import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { elements } from '../../src/elements/index.js';
import type { Definition } from '../../src/definition.js';
import { compileOne } from '../bpmn.js';
import { Dice } from '../random/dice.js';
import { play } from '../random/play.js';
import { type GoldenHistory, stepsToday } from './golden-history.js';
import { recordedProcesses } from './recorded-processes.js';

type Step = GoldenHistory['steps'][number];

const home = new URL('./', import.meta.url);
const versions = readdirSync(home, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const files = versions.flatMap((version) =>
  readdirSync(new URL(`${version}/`, home)).map((file) => `${version}/${file}`),
);

// RECORD=0.2.0 writes the histories of a version that is about to be released; what is there stays as it is.
const { RECORD } = process.env;

const instance = { instanceId: 'i', subjectId: 'ada' };

async function record(version: string): Promise<void> {
  mkdirSync(new URL(`${version}/`, home), { recursive: true });
  for (const [name, xml] of recordedProcesses) {
    const file = new URL(`${version}/${name}.json`, home);
    if (existsSync(file)) continue;
    const definition = await compileOne(xml);
    const { steps } = telling(definition, name);
    writeFileSync(file, `${JSON.stringify({ xml, ...instance, steps } satisfies GoldenHistory, null, 1)}\n`);
  }
}

/** The oldest recordings have no hashes. */
function inShapeOf(recorded: Step | undefined, { hash, ...step }: Step): Step {
  return recorded?.hash === undefined || hash === undefined ? step : { ...step, hash };
}

/** The history in which most elements have their turn, of some. */
function telling(definition: Definition, name: string): Pick<GoldenHistory, 'steps'> {
  const played = Array.from({ length: 20 }, (_, index) => {
    const { inputs } = play(definition, new Dice(`golden/${name}/${index}`));
    const steps = stepsToday(definition, { ...instance, steps: inputs.map((input) => ({ input })) });
    const entered = new Set(steps.flatMap(({ facts }) => facts.filter((fact) => fact.startsWith('enters'))));
    return { steps, entered: entered.size };
  });
  return played.reduce((best, one) => (one.entered > best.entered ? one : best));
}

describe('histories of all versions', () => {
  if (RECORD !== undefined)
    it(`are recorded for ${RECORD}`, async () => {
      await record(RECORD);
    }, 600_000);

  it.each(files)('replay as they were written: %s', async (file) => {
    const golden = JSON.parse(readFileSync(new URL(file, home), 'utf8')) as GoldenHistory;
    const today = stepsToday(await compileOne(golden.xml), golden);
    expect(today.map((step, index) => inShapeOf(golden.steps[index], step))).toEqual(golden.steps);
  });

  it('are of every element', async () => {
    const missing = new Set<string>(Object.keys(elements));
    for (const xml of recordedProcesses.values())
      for (const { type } of (await compileOne(xml)).nodes.values()) missing.delete(type);
    expect([...missing]).toEqual([]);
  });
});
