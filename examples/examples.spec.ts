import { compile, type TaskType } from '@xflow/engine';
import { runScenario } from '@xflow/engine/testing';
import { taskCatalog } from '@xflow/schemas';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { taskTypesOf } from '../server/src/cli/handlers/task-types-of.js';
import { AwardBadge } from './custom-task/award-badge.js';

const home = fileURLToPath(new URL('.', import.meta.url));
const read = (path: string): string => readFileSync(`${home}/${path}`, 'utf8');
const namesIn = (folder: string, extension: string): string[] =>
  existsSync(`${home}/${folder}`)
    ? readdirSync(`${home}/${folder}`)
        .map((file) => basename(file, extension))
        .sort()
    : [];
/** By folder: the types of the handlers that an example brings. */
const ownTypes: Readonly<Record<string, Readonly<Record<string, TaskType>>>> = {
  'custom-task': taskTypesOf([AwardBadge]),
};
const folders = readdirSync(home, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const stories = folders.filter((name) => existsSync(`${home}/${name}/process.bpmn`));

it.each(folders)('%s has a README and stands in the list', (name) => {
  expect(read(`${name}/README.md`)).toMatch(/^# /);
  expect(read('README.md')).toContain(`[${name}](${name}/)`);
});

describe.each(stories)('%s', (name) => {
  const xml = read(`${name}/process.bpmn`);
  const taskTypes = { ...taskCatalog, ...ownTypes[name] };

  it('compiles without a remark', async () => {
    expect((await compile(xml, { taskTypes })).problems).toEqual([]);
  });

  it('tells its scenario', async () => {
    const result = await compile(xml, { taskTypes });
    const { failures } = runScenario({
      definitions: result.ok ? result.definitions : [],
      scenario: JSON.parse(read(`${name}/scenario.json`)) as unknown,
    });
    expect(failures).toEqual([]);
  });

  it('is drawn: every element has a place', () => {
    const drawn = new Set([...xml.matchAll(/ bpmnElement="([^"]+)"/g)].map(([, id]) => id));
    const elements = [...xml.matchAll(/<bpmn:(?:[a-zA-Z]*(?:Event|Task|Gateway)|sequenceFlow) id="([^"]+)"/g)];
    expect(elements.map(([, id]) => id).filter((id) => !drawn.has(id))).toEqual([]);
  });

  it('brings the segments, ladders and templates that it names, and no others', async () => {
    const result = await compile(xml, { taskTypes });
    const references = result.ok ? result.definitions[0]!.references : null;
    const named = (list: readonly { readonly name: string }[] = []) =>
      [...new Set(list.map((reference) => reference.name))].sort();
    expect(namesIn(`${name}/segments`, '.json')).toEqual(named(references?.segments));
    expect(namesIn(`${name}/ladders`, '.json')).toEqual(named(references?.ladders));
    expect(namesIn(`${name}/templates`, '.liquid')).toEqual(named(references?.templates));
  });
});
