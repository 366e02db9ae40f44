import { diagram, end, message, process, receive, sequence, start, task, wait } from '../test/diagram.js';

/** Message that every instance waits for once. */
export const messageName = 'go';
/** Key of the workflow that is started. */
export const journeyKey = 'chaos-journey';
const childKey = 'chaos-child';
/** Points that one instance gives its user, in all. */
export const pointsEach = 3;
/** Milliseconds from the start until the instance waits for its message, or a little more. */
export const pauseLength = 2_000;

const boundaryTimer = (id: string, attachedTo: string, duration: string, cancels: boolean): string =>
  `<bpmn:boundaryEvent id="${id}" attachedToRef="${attachedTo}" cancelActivity="${cancels}"><bpmn:timerEventDefinition>` +
  `<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">${duration}</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>`;

const addPoints = (id: string, points: number): string =>
  `<bpmn:serviceTask id="${id}"><bpmn:extensionElements><xflow:task type="chaos-points"><xflow:input name="points" value="${points}"/></xflow:task>` +
  `</bpmn:extensionElements></bpmn:serviceTask>`;

/**
 * A journey with everything that can be lost: a job with a timer beside it that reminds, a wait, a message with a timer that would
 * give up, a call, points that are added (so that twice shows).
 */
export const journeyXml = diagram(
  message(messageName, messageName),
  process(
    journeyKey,
    [
      sequence(
        start,
        task('welcome', 'chaos-ledger'),
        addPoints('first-points', 1),
        wait('pause', `PT${pauseLength / 1_000}S`),
        receive('go-on', messageName),
        `<bpmn:callActivity id="call" calledElement="${childKey}"/>`,
        addPoints('last-points', 1),
        end,
      ),
      boundaryTimer('slow', 'welcome', 'PT20S', false),
      '<bpmn:task id="remind"><bpmn:extensionElements><xflow:lifecycle stage="Retention"/></bpmn:extensionElements></bpmn:task>',
      '<bpmn:endEvent id="reminded"/>',
      '<bpmn:sequenceFlow id="slow-remind" sourceRef="slow" targetRef="remind"/>',
      '<bpmn:sequenceFlow id="remind-end" sourceRef="remind" targetRef="reminded"/>',
    ].join('\n'),
  ),
  process(
    childKey,
    [
      sequence(
        '<bpmn:startEvent id="child-start"/>',
        addPoints('child-points', 1),
        task('child-work', 'chaos-ledger'),
        '<bpmn:endEvent id="child-end"/>',
      ),
      boundaryTimer('never', 'child-work', 'P1D', true),
      '<bpmn:endEvent id="given-up"/>',
      '<bpmn:sequenceFlow id="never-end" sourceRef="never" targetRef="given-up"/>',
    ].join('\n'),
  ),
);
