import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { compileOne } from '../bpmn.js';
import { Dice } from '../random/dice.js';
import { play } from '../random/play.js';
import { type GoldenHistory, stepsToday } from './golden-history.js';
import { recordedProcesses } from './recorded-processes.js';

const home = new URL('./', import.meta.url);
const versions = readdirSync(home, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const files = versions.flatMap((version) =>
  readdirSync(new URL(`${version}/`, home)).map((file) => `${version}/${file}`),
);

// RECORD=0.2.0 writes the histories of a version that is about to be released; what is there stays as it is.
const { RECORD } = process.env;

async function record(version: string): Promise<void> {
  mkdirSync(new URL(`${version}/`, home), { recursive: true });
  for (const [name, xml] of recordedProcesses) {
    const file = new URL(`${version}/${name}.json`, home);
    if (existsSync(file)) continue;
    const definition = await compileOne(xml);
    const { inputs } = play(definition, new Dice(`golden/${name}`));
    const instance = { instanceId: 'i', subjectId: 'ada' };
    const steps = stepsToday(definition, { ...instance, steps: inputs.map((input) => ({ input })) });
    writeFileSync(file, `${JSON.stringify({ xml, ...instance, steps } satisfies GoldenHistory, null, 1)}\n`);
  }
}

describe('histories of all versions', () => {
  if (RECORD !== undefined)
    it(`are recorded for ${RECORD}`, async () => {
      await record(RECORD);
    });

  it.each(files)('replay as they were written: %s', async (file) => {
    const golden = JSON.parse(readFileSync(new URL(file, home), 'utf8')) as GoldenHistory;
    expect(stepsToday(await compileOne(golden.xml), golden)).toEqual(golden.steps);
  });
});
