import { readdirSync, readFileSync } from 'node:fs';
import { xflowModdle } from '@xflow/schemas';
import { BpmnModdle } from 'bpmn-moddle';
import { bpmn } from '../../test/bpmn.js';
import { Dice } from '../../test/random/dice.js';
import { randomProcess } from '../../test/random/random-process.js';
import { type BpmnElement, elementOf, elementsOf, textOf } from './bpmn-element.js';
import { foreignNamespaces, readBpmn } from './read-bpmn.js';

/** What moddle's own reader makes of a file. The types of the package do not tell of it. */
const moddle = new BpmnModdle({ xflow: xflowModdle }, { nsMap: { ...foreignNamespaces } }) as unknown as {
  fromXML(xml: string): Promise<{ rootElement: BpmnElement; warnings: readonly unknown[] }>;
};

const diagrams = new URL('../../test/diagrams/', import.meta.url);
const examples = new URL('../../../examples/', import.meta.url);
const files = [
  ...readdirSync(diagrams)
    .filter((name) => name.endsWith('.bpmn'))
    .map((name) => new URL(name, diagrams)),
  ...readdirSync(examples).map((name) => new URL(`${name}/process.bpmn`, examples)),
].flatMap((url) => {
  try {
    return [[url.pathname.split('/').slice(-2).join('/'), readFileSync(url, 'utf8')] as const];
  } catch {
    return [];
  }
});
const random = [1, 2, 3, 4, 5].map(
  (seed) => [`random process ${seed}`, randomProcess(new Dice(String(seed)))] as const,
);

/** A tree without cycles: elements that are referred to by their ids. */
function outline(element: BpmnElement): unknown {
  const names = Object.getOwnPropertyNames(element).filter((name) => !/^\$|^[gs]et$/.test(name));
  const shown = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || !('$type' in value)) return value;
    const other = value as BpmnElement;
    return other.$parent === element ? outline(other) : { refersTo: other.get?.('id') };
  };
  const said = names.sort().flatMap((name): [string, unknown][] => {
    const value = element.get?.(name);
    if (Array.isArray(value)) return value.length === 0 ? [] : [[name, value.map(shown)]];
    return value === undefined ? [] : [[name, shown(value)]];
  });
  return {
    $type: element.$type,
    ...Object.fromEntries(said),
    ...(Object.keys(element.$attrs ?? {}).length === 0 ? {} : { $attrs: { ...element.$attrs } }),
    ...(element.$children ? { $children: element.$children.map(outline) } : {}),
    ...(element.$body === undefined ? {} : { $body: element.$body }),
  };
}

const processOf = (xml: string): BpmnElement =>
  elementsOf(readBpmn(xml).definitions!, 'rootElements').find(({ $type }) => $type === 'bpmn:Process')!;
const problemsOf = (xml: string) => readBpmn(xml).problems.map(({ rule, message }) => `${rule}: ${message}`);

describe('readModel', () => {
  it.each([...files, ...random])('reads %s as bpmn-moddle does', async (_name, xml) => {
    const { rootElement, warnings } = await moddle.fromXML(xml);
    const { definitions, problems } = readBpmn(xml);
    expect([warnings, problems]).toEqual([[], []]);
    expect(outline(definitions!)).toEqual(outline(rootElement));
  });

  it('reads letters of every script in ids, and in the names of elements and attributes of other namespaces', () => {
    const xml = bpmn(
      '<bpmn:startEvent id="开始" /><bpmn:task id="ré-servé·1"><bpmn:extensionElements><订:单 xmlns:订="urn:x" ключ="ä" /></bpmn:extensionElements></bpmn:task>',
      ['поток: 开始 -> ré-servé·1'],
    );
    expect(problemsOf(xml)).toEqual([]);
    const [start, task, flow] = elementsOf(processOf(xml), 'flowElements');
    expect([textOf(start!, 'id'), elementOf(flow!, 'sourceRef'), elementOf(flow!, 'targetRef')]).toEqual([
      '开始',
      start,
      task,
    ]);
    const [extension] = elementsOf(elementOf(task!, 'extensionElements')!, 'values');
    expect([extension!.$type, textOf(extension!, 'ключ')]).toEqual(['订:单', 'ä']);
  });

  it('reads attributes with space around their equals signs', () => {
    const xml = bpmn('<bpmn:task id = "a" name\n=\t\'b\' />');
    expect(problemsOf(xml)).toEqual([]);
    const [task] = elementsOf(processOf(xml), 'flowElements');
    expect([textOf(task!, 'id'), textOf(task!, 'name')]).toEqual(['a', 'b']);
  });

  it('reads values as XML Schema writes them', () => {
    const task = elementsOf(
      processOf(bpmn('<bpmn:userTask id="a" isForCompensation="1" name="&lt;&#x8BA2;&#21333;&#x1F600;&gt; &nbsp;" />')),
      'flowElements',
    )[0]!;
    expect([task.get?.('isForCompensation'), textOf(task, 'name')]).toEqual([true, '<订单😀> &nbsp;']);
  });

  it('follows references with space around them, and with the prefix of their namespace', () => {
    const xml = bpmn(
      '<bpmn:startEvent id="s"><bpmn:outgoing> f </bpmn:outgoing><bpmn:messageEventDefinition messageRef="tns:m" /></bpmn:startEvent><bpmn:task id="t" />',
      ['f: s -> t'],
      '<bpmn:message id="m" name="paid" />',
    );
    expect(problemsOf(xml)).toEqual([]);
    const [start] = elementsOf(processOf(xml), 'flowElements');
    expect(elementsOf(start!, 'outgoing').map((flow) => textOf(flow, 'id'))).toEqual(['f']);
    expect(textOf(elementOf(elementsOf(start!, 'eventDefinitions')[0]!, 'messageRef')!, 'name')).toBe('paid');
  });

  it('knows namespaces by their names, and not by their prefixes', () => {
    const xml = `<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmn="urn:other" id="d" targetNamespace="t">
      <process id="p"><b:task xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" id="t" bpmn:note="mine"><extensionElements><bpmn:thing /></extensionElements></b:task></process></definitions>`;
    expect(problemsOf(xml)).toEqual([]);
    const [task] = elementsOf(processOf(xml), 'flowElements');
    expect([task!.$type, textOf(task!, 'ns0:note')]).toEqual(['bpmn:Task', 'mine']);
    expect(elementsOf(elementOf(task!, 'extensionElements')!, 'values')[0]!.$type).toBe('ns0:thing');
  });

  it('keeps what names of every object mean out of attributes', () => {
    const xml = bpmn(
      '<bpmn:task id="a" xmlns:x="urn:x" x:__proto__="1"><bpmn:extensionElements><x:any __proto__="2" constructor="3" get="4" /></bpmn:extensionElements></bpmn:task>',
    );
    const [task] = elementsOf(processOf(xml), 'flowElements');
    const [any] = elementsOf(elementOf(task!, 'extensionElements')!, 'values');
    expect([textOf(task!, 'x:__proto__'), textOf(any!, '__proto__'), textOf(any!, 'constructor')]).toEqual([
      '1',
      '2',
      '3',
    ]);
    expect([textOf(any!, 'get'), textOf(any!, 'toString'), textOf(task!, 'toString')]).toEqual(['4', null, null]);
  });

  it.each([
    [
      'the same id twice',
      '<bpmn:task id="a" />\n<bpmn:task id="a" />',
      'unique-ids: More than one element has the id "a" (line 7).',
    ],
    ['an id that is no name', '<bpmn:task id="1 a" />', 'unique-ids: The id "1 a" is no XML name (line 6).'],
    [
      'an id that nobody could store',
      `<bpmn:task id="${'a'.repeat(251)}" />`,
      `unique-ids: The id "${'a'.repeat(50)}..." has 251 characters, more than 250 (line 6).`,
    ],
    [
      'an element that is not BPMN',
      '<bpmn:wonder id="a" />',
      'xml: The element <bpmn:wonder> is not known here (line 6).',
    ],
    [
      'an element where it must not stand',
      '<bpmn:process id="a" />',
      'xml: The element <bpmn:process> is not known here (line 6).',
    ],
    [
      'an attribute that is not BPMN',
      '<bpmn:task id="a" wonder="1" />',
      'xml: <a> has the attribute "wonder", which BPMN and xflow do not know.',
    ],
    [
      'text where none belongs',
      '<bpmn:task id="a">wonder</bpmn:task>',
      'xml: The file cannot be read as BPMN (line 6): unexpected body text <wonder>.',
    ],
    [
      'a prefix that is not declared',
      '<x:task id="a" />',
      'xml: The file cannot be read as BPMN (line 6): the prefix of <x:task> is not declared.',
    ],
    [
      'an attribute whose prefix is not declared',
      '<bpmn:task id="a" x:y="" />',
      'xml: The file cannot be read as BPMN (line 6): the prefix of the attribute x:y is not declared.',
    ],
    [
      'a second element where there can be one',
      '<bpmn:task id="a"><bpmn:extensionElements /><bpmn:extensionElements /></bpmn:task>',
      'xml: The file cannot be read as BPMN (line 6): a second <bpmn:extensionElements> where there can be one.',
    ],
    [
      'a schema type of something else',
      '<bpmn:sequenceFlow id="a"><bpmn:conditionExpression xsi:type="bpmn:tTask" /></bpmn:sequenceFlow>',
      'xml: The element <bpmn:tTask> is not known here (line 6).',
    ],
    [
      'a reference to nothing',
      '<bpmn:boundaryEvent id="a" attachedToRef="b" />',
      'references: <a> refers to "b" as its attachedToRef, and there is no such element.',
    ],
  ])('tells of %s', (_what, content, problem) => {
    expect(problemsOf(bpmn(content))).toEqual([problem]);
  });

  it('tells of a root element from elsewhere', () => {
    expect(problemsOf('<definitions xmlns="urn:other" />')).toEqual([
      'xml: The file cannot be read as BPMN (line 1): unexpected element <definitions>.',
    ]);
  });

  it('gives up on a file with more mistakes than anyone reads', () => {
    const { definitions, problems } = readBpmn(bpmn('<bpmn:task id="a" />'.repeat(1_000)));
    expect([definitions, problems.length]).toEqual([null, 50]);
  });
});
