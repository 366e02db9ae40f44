import {
  catchSignal,
  diagram,
  end,
  message,
  process,
  receive,
  sequence,
  signal,
  start,
  startSignal,
  task,
  wait,
} from '../test/diagram.js';

/** Message that every instance waits for once. */
export const messageName = 'go';
/** Message that those wait for who do not decline. */
export const acceptName = 'accept';
/** Event that every user brings about once. */
export const eventName = 'visit';
/** Signal that every instance waits for. */
export const signalName = 'tick';
/** Key of the workflow that is started. */
export const journeyKey = 'chaos-journey';
/** Key of one that needs nobody but the servers' own alarms. */
export const quietKey = 'chaos-quiet';
/** Key of the workflow that the user's event starts. */
export const thanksKey = 'chaos-thanks';
/** Key of the workflow that the signal starts. */
export const tickKey = 'chaos-tick';
export const childKey = 'chaos-child';
/** Points that every instance of {@link quietKey} gives. */
export const quietPoints = 1;

/** What one user will do, and so what the journey will do. */
export interface Course {
  /** Does not answer the offer: its timers fire. */
  readonly declines: boolean;
  /** The called workflow escalates, and ends with an error. */
  readonly fails: boolean;
}

export const courseOf = (index: number): Course => ({ declines: index % 4 === 0, fails: index % 3 === 0 });

/** Points that the journey gives its user, in all. */
export const journeyPoints = ({ declines, fails }: Course): number => 3 + (declines ? 2 : 0) + (fails ? 2 : 0);
/** Points that the user gets for the event. */
export const thanksPoints = 1;

const offerLength = 2_000;
const pauseLength = 2_000;
/** Milliseconds from the start until the instance waits for its message, or a little more. */
export const untilMessage = ({ declines }: Course): number => pauseLength + (declines ? offerLength : 0);

const segmentId = 'chaos-visitors';
const refused = 'refused';
const trouble = 'trouble';

const boundary = (id: string, attachedTo: string, cancels: boolean, definition: string): string =>
  `<bpmn:boundaryEvent id="${id}" attachedToRef="${attachedTo}" cancelActivity="${cancels}">${definition}</bpmn:boundaryEvent>`;
const after = (duration: string): string =>
  `<bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">${duration}</bpmn:timeDuration></bpmn:timerEventDefinition>`;
const isVisitor = `<bpmn:conditionalEventDefinition><bpmn:condition xsi:type="bpmn:tFormalExpression">=segment("${segmentId}")</bpmn:condition></bpmn:conditionalEventDefinition>`;
const errorDefinition = `<bpmn:errorEventDefinition errorRef="${refused}"/>`;
const escalationDefinition = `<bpmn:escalationEventDefinition escalationRef="${trouble}"/>`;

const flow = (from: string, to: string): string =>
  `<bpmn:sequenceFlow id="flow-${from}-${to}" sourceRef="${from}" targetRef="${to}"/>`;
const flowIf = (condition: string, from: string, to: string): string =>
  `<bpmn:sequenceFlow id="flow-${from}-${to}" sourceRef="${from}" targetRef="${to}">` +
  `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=${condition}</bpmn:conditionExpression></bpmn:sequenceFlow>`;

const addPoints = (id: string, points: number): string =>
  `<bpmn:serviceTask id="${id}"><bpmn:extensionElements><xflow:task type="chaos-points"><xflow:input name="points" value="${points}"/></xflow:task>` +
  `</bpmn:extensionElements></bpmn:serviceTask>`;

/**
 * Everything that can be lost, with an end that is known beforehand: a job with a timer beside it that reminds; an offer whose timers
 * fire for those who do not answer; a wait; a message; a call that escalates and fails for some; a signal; a condition on the user,
 * which also starts a workflow of its own. Points are added everywhere, so that twice shows, and never, too.
 */
export const journeyXml = diagram(
  message(messageName, messageName),
  message(acceptName, acceptName),
  signal(signalName, signalName),
  `<bpmn:error id="${refused}" errorCode="${refused}"/>`,
  `<bpmn:escalation id="${trouble}" escalationCode="${trouble}"/>`,
  process(
    journeyKey,
    [
      sequence(
        start,
        task('welcome', 'chaos-ledger'),
        addPoints('first-points', 1),
        `<bpmn:receiveTask id="offer" messageRef="${acceptName}"/>`,
        wait('pause', `PT${pauseLength / 1_000}S`),
        receive('go-on', messageName),
        `<bpmn:callActivity id="call" calledElement="${childKey}"/>`,
        catchSignal('next-tick', signalName),
        `<bpmn:intermediateCatchEvent id="visited">${isVisitor}</bpmn:intermediateCatchEvent>`,
        addPoints('last-points', 1),
        end,
      ),
      boundary('slow', 'welcome', false, after('PT20S')),
      '<bpmn:task id="remind"><bpmn:extensionElements><xflow:lifecycle stage="Retention"/></bpmn:extensionElements></bpmn:task>',
      flow('slow', 'remind'),
      boundary('still-there', 'offer', false, after(`PT${offerLength / 2_000}S`)),
      addPoints('nudge', 1),
      flow('still-there', 'nudge'),
      boundary('declined', 'offer', true, after(`PT${offerLength / 1_000}S`)),
      addPoints('console', 1),
      flow('declined', 'console'),
      flow('console', 'pause'),
      boundary('troubled', 'call', false, escalationDefinition),
      addPoints('apologise', 1),
      flow('troubled', 'apologise'),
      boundary('failed', 'call', true, errorDefinition),
      addPoints('make-good', 1),
      flow('failed', 'make-good'),
      flow('make-good', 'next-tick'),
    ].join('\n'),
  ),
  process(
    childKey,
    [
      sequence(
        '<bpmn:startEvent id="child-start"/>',
        addPoints('child-points', 1),
        task('child-work', 'chaos-ledger'),
        '<bpmn:exclusiveGateway id="well" default="flow-well-child-end"/>',
        '<bpmn:endEvent id="child-end"/>',
      ),
      boundary('never', 'child-work', true, after('P1D')),
      '<bpmn:endEvent id="given-up"/>',
      flow('never', 'given-up'),
      `<bpmn:intermediateThrowEvent id="escalate">${escalationDefinition}</bpmn:intermediateThrowEvent>`,
      flowIf('fails', 'well', 'escalate'),
      `<bpmn:endEvent id="refuse">${errorDefinition}</bpmn:endEvent>`,
      flow('escalate', 'refuse'),
    ].join('\n'),
  ),
  process(
    thanksKey,
    sequence(
      `<bpmn:startEvent id="thanks-start">${isVisitor}</bpmn:startEvent>`,
      addPoints('thanks', thanksPoints),
      '<bpmn:endEvent id="thanked"/>',
    ),
  ),
  process(
    tickKey,
    sequence(startSignal('tick-start', signalName), wait('moment', 'PT1S'), '<bpmn:endEvent id="ticked"/>'),
  ),
  process(
    quietKey,
    sequence(
      '<bpmn:startEvent id="quiet-start"/>',
      wait('first', 'PT1S'),
      addPoints('quiet-points', quietPoints),
      // Longer than servers look after each other (guardLooks in runner.ts): whoever reaches it has set an alarm.
      wait('second', 'PT10S'),
      task('work', 'chaos-ledger'),
      '<bpmn:endEvent id="quiet-end"/>',
    ),
  ),
);

/** Deploys all of it, and the segment that its conditions read. */
export async function deployJourney(serverUrl: string): Promise<void> {
  const send = async (path: string, type: string, body: string): Promise<void> => {
    const response = await fetch(`${serverUrl}/api${path}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    if (!response.ok) throw new Error(`The journey cannot be deployed: ${await response.text()}`);
  };
  await send('/segments', 'application/json', JSON.stringify({ id: segmentId, rule: { event: eventName } }));
  await send('/workflows', 'application/xml', journeyXml);
}
