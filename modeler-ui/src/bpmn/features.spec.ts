import { readFileSync } from 'node:fs';
import { taskCatalog } from '@xflow/schemas';
import { testProcess } from '../../test/test-process.js';
import { features } from './features.js';
import type { JourneyElement } from './journey/journey-element.js';
import type { PropertyGroup } from './properties/property-group.js';

/** What the modules register, as the diagram's injector would see it. */
function registered(): { readonly elements: readonly JourneyElement[]; readonly groups: readonly PropertyGroup[] } {
  const elements: JourneyElement[] = [];
  const groups: PropertyGroup[] = [];
  const services = {
    journeyElements: { register: (kind: JourneyElement) => elements.push(kind) },
    propertyGroups: { register: (group: PropertyGroup) => groups.push(group) },
  };
  const injector = { get: (name: keyof typeof services) => services[name] };
  for (const feature of features) {
    for (const [service, register] of feature.__init__) {
      const argument = service === 'injector' ? injector : services[service as keyof typeof services];
      (register as (argument: unknown) => void)(argument);
    }
  }
  return { elements, groups };
}
const { elements, groups } = registered();
const known = { segments: ['vip'], ladders: [], templates: [], workflows: [], taskTypes: taskCatalog };

function texts(language: string): ReadonlySet<string> {
  const keys = new Set<string>();
  const walk = (tree: object, prefix: string): void => {
    for (const [key, value] of Object.entries(tree)) {
      if (typeof value === 'string') keys.add(`${prefix}${key}`);
      else walk(value as object, `${prefix}${key}.`);
    }
  };
  walk(JSON.parse(readFileSync(new URL(`../locales/${language}.json`, import.meta.url), 'utf8')) as object, '');
  return keys;
}

describe('the feature modules', () => {
  it('offer the kinds of nodes of the journey', () => {
    expect(elements.map(({ name }) => name)).toEqual([
      'segment-check',
      'wait',
      'message',
      'tier-upgrade',
      'update-profile',
      'tag',
      'split',
      'task',
    ]);
  });

  it.each(['en', 'zh'])('have a text for every kind, group and field (%s)', async (language) => {
    const keys = texts(language);
    const process = await testProcess('<bpmn:serviceTask id="A" />');
    const wanted = [
      ...elements.map(({ name }) => `element.${name}`),
      ...groups.flatMap((group) => {
        const key = `properties.${group.name}`;
        const fields = [...group.fields(process.element('A'), known), ...(group.list?.fields ?? [])];
        return [
          `${key}.title`,
          ...fields.filter(({ label }) => label === undefined).map(({ name }) => `${key}.${name}`),
          ...(group.list === undefined ? [] : [`${key}.${group.list.name}`, `${key}.${group.list.name}New`]),
        ];
      }),
    ];
    expect(wanted.filter((key) => !keys.has(key))).toEqual([]);
  });

  it('read back every field that they write, each through one change', async () => {
    for (const group of groups) {
      const process = await testProcess(
        '<bpmn:serviceTask id="A"><bpmn:multiInstanceLoopCharacteristics /></bpmn:serviceTask>',
      );
      const owner = process.element('A');
      for (const field of group.fields(owner, known)) {
        const value = field.control.kind === 'checkbox' ? true : '7';
        process.apply(field.write(owner, value, process.create));
        expect([group.name, field.name, field.read(owner)]).toEqual([group.name, field.name, value]);
        process.apply(field.write(owner, undefined, process.create));
        expect([group.name, field.name, field.read(owner)]).toEqual([group.name, field.name, undefined]);
      }
    }
  });

  it('add and remove the items of their lists', async () => {
    for (const { list } of groups) {
      if (list === undefined) continue;
      const process = await testProcess('<bpmn:userTask id="A" />');
      const owner = process.element('A');
      process.apply(list.add(owner, process.create));
      process.apply(list.add(owner, process.create));
      const [first, second] = list.items(owner);
      process.apply(list.remove(owner, first!));
      expect(list.items(owner)).toEqual([second]);
      await expect(process.xml()).resolves.not.toContain('[object');
    }
  });

  it('refuse weights and caps that are no numbers', async () => {
    const process = await testProcess('<bpmn:task id="A" />');
    for (const name of ['arm', 'frequency-cap']) {
      const field = groups.find((group) => group.name === name)?.fields(process.element('A'), known)[0];
      expect(field?.write(process.element('A'), 'many', process.create)).toBeNull();
      expect(field?.write(process.element('A'), '-1', process.create)).toBeNull();
    }
  });
});
