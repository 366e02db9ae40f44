import { lint } from '../src/lint.js';
import { bpmn, flow, message, onMessage, timer } from './bpmn.js';

const di = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="file" targetNamespace="urn:test"';
const task = (id: string) => `<bpmn:task id="${id}" />`;
const ends = (...ids: string[]) => ids.map((id) => `<bpmn:endEvent id="${id}" />`).join('');

/** What the standard allows, in the forms in which modelers write it: none of it may be refused. */
const legal: readonly (readonly [what: string, xml: string])[] = [
  ['a process without start and end events', bpmn(task('a') + task('b'), ['f: a -> b'])],
  ['several tasks that begin at once', bpmn(task('a') + task('b') + ends('e'), ['f1: a -> e', 'f2: b -> e'])],
  [
    'implicit splits and merges',
    bpmn(`<bpmn:startEvent id="s" />${task('a')}${task('b')}${task('c')}${ends('e')}`, [
      'f1: s -> a',
      'f2: s -> b',
      'f3: a -> c',
      'f4: b -> c',
      'f5: c -> e',
    ]),
  ],
  [
    'conditional and default flows that leave a task',
    bpmn(`<bpmn:startEvent id="s" /><bpmn:task id="a" default="f3" />${ends('x', 'y')}`, [
      'f1: s -> a',
      'f2: a -> x if amount > 5',
      'f3: a -> y',
    ]),
  ],
  ['two flows between the same nodes', bpmn(`<bpmn:startEvent id="s" />${task('a')}`, ['f1: s -> a', 'f2: s -> a'])],
  [
    'a flow from a task to itself',
    bpmn(`<bpmn:startEvent id="s" />${task('a')}${ends('e')}`, ['f1: s -> a', 'f2: a -> a if again', 'f3: a -> e']),
  ],
  [
    'several start events',
    bpmn(
      `<bpmn:startEvent id="s1">${onMessage('go')}</bpmn:startEvent><bpmn:startEvent id="s2">${timer('P1D')}</bpmn:startEvent><bpmn:startEvent id="s3" />${ends('e')}`,
      ['f1: s1 -> e', 'f2: s2 -> e', 'f3: s3 -> e'],
      message('go'),
    ),
  ],
  [
    'an empty subprocess, a nested one, and boundary events on it',
    bpmn(
      `<bpmn:startEvent id="s" /><bpmn:subProcess id="outer">${task('in')}<bpmn:subProcess id="inner">${task('deep')}</bpmn:subProcess>${flow('g: in -> inner')}</bpmn:subProcess>
       <bpmn:boundaryEvent id="late" attachedToRef="outer" cancelActivity="false">${timer('PT1H')}</bpmn:boundaryEvent>${ends('e', 'n')}`,
      ['f1: s -> outer', 'f2: outer -> e', 'f3: late -> n'],
    ),
  ],
  [
    'events, receive tasks and times behind an event-based gateway',
    bpmn(
      `<bpmn:startEvent id="s" /><bpmn:eventBasedGateway id="g" /><bpmn:receiveTask id="r" messageRef="message_go" /><bpmn:intermediateCatchEvent id="t">${timer('P1D')}</bpmn:intermediateCatchEvent>${ends('e')}`,
      ['f1: s -> g', 'f2: g -> r', 'f3: g -> t', 'f4: r -> e', 'f5: t -> e'],
      message('go'),
    ),
  ],
  [
    'lanes, data, annotations, groups, documentation',
    bpmn(
      `<bpmn:documentation>Text</bpmn:documentation><bpmn:laneSet id="ls"><bpmn:lane id="l1" name="Shop"><bpmn:flowNodeRef>s</bpmn:flowNodeRef><bpmn:flowNodeRef>a</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
       <bpmn:startEvent id="s" /><bpmn:task id="a"><bpmn:dataOutputAssociation id="d1"><bpmn:targetRef>ref</bpmn:targetRef></bpmn:dataOutputAssociation></bpmn:task>
       <bpmn:dataObject id="data" /><bpmn:dataObjectReference id="ref" dataObjectRef="data" /><bpmn:dataStoreReference id="store" />
       <bpmn:textAnnotation id="note"><bpmn:text>Mind this</bpmn:text></bpmn:textAnnotation><bpmn:association id="as" sourceRef="a" targetRef="note" /><bpmn:group id="gr" />`,
      ['f1: s -> a'],
    ),
  ],
  [
    'pools with message flows, one of them empty, and another process that is not executable',
    `<definitions ${di}><collaboration id="c"><participant id="P1" processRef="p1" /><participant id="P2" /><participant id="P3" processRef="p3" />
     <messageFlow id="m1" sourceRef="t1" targetRef="P2" /><messageFlow id="m2" sourceRef="t1" targetRef="t3" /></collaboration>
     <process id="p1" isExecutable="true"><startEvent id="s1" /><task id="t1" /><sequenceFlow id="f1" sourceRef="s1" targetRef="t1" /></process>
     <process id="p3" isExecutable="false"><task id="t3" /></process></definitions>`,
  ],
  [
    'gateways with one flow, and mixed ones',
    bpmn(
      `<bpmn:startEvent id="s" /><bpmn:exclusiveGateway id="x" gatewayDirection="Unspecified" /><bpmn:parallelGateway id="p" />${ends('e')}`,
      ['f1: s -> x', 'f2: x -> p', 'f3: p -> e'],
    ),
  ],
  [
    'default namespaces, comments, CDATA and processing instructions',
    `<?xml version="1.0"?><?note x?><!-- c --><definitions ${di}><process id="order" isExecutable="true"><startEvent id="start-1" /><task id="check.2"><documentation><![CDATA[<b>]]></documentation></task><sequenceFlow id="f" sourceRef="start-1" targetRef="check.2" /></process></definitions>`,
  ],
];

describe('legal diagrams', () => {
  it.each(legal)('%s have no errors', async (_what, xml) => {
    expect((await lint(xml)).filter(({ level }) => level === 'error')).toEqual([]);
  });
});
