import { bpmn, extensions, flow, job, message, error, onError, onMessage, timer } from '../bpmn.js';

const tasks = (...ids: readonly string[]) => ids.map((id) => `<bpmn:userTask id="${id}" />`).join('');

/** Diagrams whose histories are recorded, by name. New elements come with new diagrams; these stay as they are. */
export const recordedProcesses: ReadonlyMap<string, string> = new Map([
  [
    'sequence-of-work',
    bpmn(
      `<bpmn:startEvent id="s" />${job('charge', '', 'resultVariable="v0"')}${tasks('ask')}<bpmn:serviceTask id="score">${extensions('<xflow:task type="score" resultVariable="v1" />')}</bpmn:serviceTask>
       <bpmn:sendTask id="mail">${extensions('<xflow:message channel="email" template="hello" />')}</bpmn:sendTask><bpmn:endEvent id="e" />`,
      ['f1: s -> charge', 'f2: charge -> ask', 'f3: ask -> score', 'f4: score -> mail', 'f5: mail -> e'],
      '',
      '<xflow:frequencyCap max="2" window="P1D" />',
    ),
  ],
  [
    'gateways',
    bpmn(
      `<bpmn:startEvent id="s" /><bpmn:exclusiveGateway id="x" default="small" />${tasks('a', 'b', 'c', 'd', 'g')}<bpmn:exclusiveGateway id="m" />
       <bpmn:parallelGateway id="fork" /><bpmn:parallelGateway id="join" /><bpmn:inclusiveGateway id="or" default="none" /><bpmn:inclusiveGateway id="meet" /><bpmn:endEvent id="e" />`,
      [
        'f1: s -> x',
        'big: x -> a if v0 > 4',
        'small: x -> b',
        'f2: a -> m',
        'f3: b -> m',
        'f4: m -> fork',
        'f5: fork -> c',
        'f6: fork -> d',
        'f7: c -> join',
        'f8: d -> join',
        'f9: join -> or',
        'one: or -> g if v1 > 2',
        'two: or -> meet if segment("vip")',
        'none: or -> meet',
        'f10: g -> meet',
        'f11: meet -> e',
      ],
    ),
  ],
  [
    'events',
    bpmn(
      `<bpmn:startEvent id="s" /><bpmn:eventBasedGateway id="g" /><bpmn:intermediateCatchEvent id="late">${timer('PT1H')}</bpmn:intermediateCatchEvent>
       <bpmn:intermediateCatchEvent id="told">${onMessage('ping')}</bpmn:intermediateCatchEvent><bpmn:exclusiveGateway id="m" />
       <bpmn:subProcess id="sub"><bpmn:startEvent id="s2" />${job('pay')}<bpmn:endEvent id="e2" />${flow('g1: s2 -> pay')}${flow('g2: pay -> e2')}</bpmn:subProcess>
       <bpmn:boundaryEvent id="refused" attachedToRef="sub">${onError('refused')}</bpmn:boundaryEvent>
       <bpmn:boundaryEvent id="remind" attachedToRef="sub" cancelActivity="false">${timer('PT30M')}</bpmn:boundaryEvent>
       <bpmn:callActivity id="call" calledElement="other" /><bpmn:endEvent id="e" /><bpmn:endEvent id="e3" /><bpmn:endEvent id="e4" />`,
      [
        'f1: s -> g',
        'f2: g -> late',
        'f3: g -> told',
        'f4: late -> m',
        'f5: told -> m',
        'f6: m -> sub',
        'f7: sub -> call',
        'f8: call -> e',
        'f9: refused -> e3',
        'f10: remind -> e4',
      ],
      message('ping') + error('refused'),
    ),
  ],
]);
