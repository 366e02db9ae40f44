import {
  cycle,
  escalation,
  extensions,
  flow,
  job,
  message,
  onCondition,
  onError,
  onEscalation,
  onMessage,
  onSignal,
  signal,
  timer,
} from '../bpmn.js';
import type { Dice } from './dice.js';

/** What the events of random processes refer to. */
export const eventGlobals = message('ping') + message('stop') + signal('alarm') + escalation('late');

const caught = (content: string, attributes = '') =>
  `<bpmn:intermediateCatchEvent id="ID" ${attributes}>${content}</bpmn:intermediateCatchEvent>`;
const thrown = (content: string) => `<bpmn:intermediateThrowEvent id="ID">${content}</bpmn:intermediateThrowEvent>`;
const mail = extensions('<xflow:message channel="email" template="hello" />');
const several = onSignal('alarm') + onMessage('ping') + timer('PT1H');

/** Intermediate events with the id `ID`; those that wait happen by what the player can feed, or at once. */
export const intermediateEvents: readonly string[] = [
  caught(onSignal('alarm')),
  caught(onCondition('v1 > -1 or true')),
  caught(onCondition('user.points > 0')),
  caught(several),
  caught(several, 'parallelMultiple="true"'),
  thrown(onSignal('alarm')),
  thrown(onEscalation('late')),
  thrown(onMessage('ping')),
  thrown('<bpmn:compensateEventDefinition />'),
  thrown('<bpmn:compensateEventDefinition waitForCompletion="false" />'),
  thrown(onSignal('alarm') + onMessage('ping') + onEscalation('late')),
  thrown(`${mail}<bpmn:messageEventDefinition />`),
];

/** What end events do. */
export const endings: readonly string[] = [
  '<bpmn:terminateEventDefinition />',
  '<bpmn:compensateEventDefinition />',
  onSignal('alarm'),
  onEscalation('late'),
  onError('refused'),
  onMessage('ping'),
  `${mail}<bpmn:messageEventDefinition />`,
  onSignal('alarm') + onEscalation('late'),
];

/** What start events of a process wait for; the content of the event, behind its attributes. */
export const beginnings: readonly (readonly [attributes: string, content: string])[] = [
  ['', onMessage('ping')],
  ['', onSignal('alarm')],
  ['', timer('PT1H')],
  ['', onCondition('segment("vip")')],
  ['', onSignal('alarm') + onMessage('ping')],
  ['parallelMultiple="true"', onSignal('alarm') + onMessage('ping')],
];

/** An activity that can be undone, with what undoes it. */
export function undoable(id: string): string {
  return `${job(id)}<bpmn:boundaryEvent id="${id}_on" attachedToRef="${id}"><bpmn:compensateEventDefinition /></bpmn:boundaryEvent>
<bpmn:userTask id="${id}_undo" isForCompensation="true" /><bpmn:association id="${id}_as" sourceRef="${id}_on" targetRef="${id}_undo" />`;
}

/** Triggers of boundary events and event subprocesses. Each way that may happen without end happens because the player wants it to. */
export function trigger(dice: Dice, interrupting: boolean): string {
  return dice.pick([
    timer('PT30M'),
    onMessage('stop'),
    onSignal('alarm'),
    onCondition('v2 > 7'),
    onCondition('v2 > 7 and user.points > 0 and segment("vip")'),
    onEscalation('late'),
    '<bpmn:escalationEventDefinition />',
    several,
    ...(interrupting ? [onError('refused'), '<bpmn:errorEventDefinition />'] : [cycle('R2/PT20M')]),
  ]);
}

/** An event subprocess with one task, or one that undoes. */
export function eventSubprocess(dice: Dice, id: string): string {
  const undoing = dice.chance(0.2);
  const interrupting = dice.chance(0.4);
  const begin = undoing ? '<bpmn:compensateEventDefinition />' : trigger(dice, interrupting);
  const terminate = '<bpmn:terminateEventDefinition />';
  const compensate = '<bpmn:compensateEventDefinition />';
  const end = dice.pick([
    '',
    compensate,
    terminate,
    onSignal('alarm') + terminate,
    compensate + terminate,
    compensate + onMessage('ping') + onError('refused'),
  ]);
  const work = dice.pick([
    `<bpmn:userTask id="${id}_work" />`,
    job(`${id}_work`, '', 'resultVariable="v2"'),
    `<bpmn:serviceTask id="${id}_work">${extensions('<xflow:segmentCheck segment="vip" />')}</bpmn:serviceTask>`,
  ]);
  return `<bpmn:subProcess id="${id}" triggeredByEvent="true"><bpmn:startEvent id="${id}_begin" isInterrupting="${String(interrupting || undoing)}">${begin}</bpmn:startEvent>
${work}<bpmn:endEvent id="${id}_end">${end}</bpmn:endEvent>${flow(`${id}_f: ${id}_begin -> ${id}_work`)}${flow(`${id}_g: ${id}_work -> ${id}_end`)}</bpmn:subProcess>`;
}
