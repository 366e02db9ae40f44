/** BPMN of the benchmarks. The key of a workflow is the id of its process. */

const file = (key, content, declarations = '') =>
  `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:xflow="urn:xflow:bpmn:1.0" id="file" targetNamespace="urn:bench">
  ${declarations}<bpmn:process id="${key}" isExecutable="true">${content}</bpmn:process>
</bpmn:definitions>`;

const flow = (source, target, condition = '') =>
  `<bpmn:sequenceFlow id="${source}-${target}" sourceRef="${source}" targetRef="${target}">${
    condition && `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${condition}</bpmn:conditionExpression>`
  }</bpmn:sequenceFlow>`;
const chain = (...ids) =>
  ids
    .slice(1)
    .map((id, index) => flow(ids[index], id))
    .join('');

const start = '<bpmn:startEvent id="start"/>';
const end = '<bpmn:endEvent id="end"/>';
const task = (id) => `<bpmn:task id="${id}"/>`;
const wait = (id, duration) =>
  `<bpmn:intermediateCatchEvent id="${id}"><bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">${duration}</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>`;
const receive = (id) =>
  `<bpmn:intermediateCatchEvent id="${id}"><bpmn:messageEventDefinition messageRef="ordered"/></bpmn:intermediateCatchEvent>`;
const work = (id, type) =>
  `<bpmn:serviceTask id="${id}"><bpmn:extensionElements><xflow:task type="${type}" resultVariable="${id}"/></bpmn:extensionElements></bpmn:serviceTask>`;
const numbered = (count, name) => Array.from({ length: count }, (_, index) => `${name}${index}`);

/** Ten nodes: a start runs seven of them, a choice included, and rests at a timer of a day. */
export const tenNodes = file(
  'ten-nodes',
  `${start}${task('score')}<bpmn:exclusiveGateway id="choice" default="choice-small"/>${task('big')}${task('small')}
   <bpmn:exclusiveGateway id="merge"/>${task('note')}${wait('day', 'P1D')}${task('after')}${end}
   ${chain('start', 'score', 'choice')}${flow('choice', 'big', '=amount &gt; 100')}${flow('choice', 'small')}
   ${chain('big', 'merge')}${chain('small', 'merge', 'note', 'day', 'after', 'end')}`,
);

/** Ten waits of no time: a step each. */
export const tenWaits = file(
  'ten-waits',
  `${start}${numbered(10, 'wait')
    .map((id) => wait(id, 'PT0S'))
    .join('')}${end}${chain('start', ...numbered(10, 'wait'), 'end')}`,
);

/** Ten tasks that a function of the host answers. */
export const tenTasks = file(
  'ten-tasks',
  `${start}${numbered(10, 'step')
    .map((id) => work(id, 'bench'))
    .join('')}${end}${chain('start', ...numbered(10, 'step'), 'end')}`,
);

/** A wait of a day, then a task. */
export const oneDay = file(
  'one-day',
  `${start}${wait('wait', 'P1D')}${task('after')}${end}${chain('start', 'wait', 'after', 'end')}`,
);

/** Waits for a message that bears the user's id, and has a function of the host answer a task then, again and again. */
export const messages = file(
  'messages',
  `${start}<bpmn:exclusiveGateway id="again"/>${receive('order')}${work('after', 'bench')}${chain('start', 'again', 'order', 'after', 'again')}`,
  '<bpmn:message id="ordered" name="ordered"/>',
);

/** One task, of a type that other engines' diagrams name: for a handler of the server where it has one, else for workers. */
export const workerTask = file(
  'worker-task',
  `${start}<bpmn:serviceTask id="work"><bpmn:extensionElements><zeebe:taskDefinition xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" type="bench"/></bpmn:extensionElements></bpmn:serviceTask>${end}${chain('start', 'work', 'end')}`,
);

/** By the variable `road`: to its end at once, to a timer of many days, a message, a person, a choice that cannot be made, or a rare timer. */
export const journey = (key, version) =>
  file(
    key,
    `<bpmn:documentation>Version ${version}</bpmn:documentation>
   <bpmn:extensionElements><xflow:searchable variables="plan, amount, road"/></bpmn:extensionElements>
   ${start}<bpmn:exclusiveGateway id="choice" default="choice-end"/>${wait('wait', 'P1000D')}${receive('pay')}<bpmn:userTask id="review"/>
   <bpmn:exclusiveGateway id="stuck"/>${wait('rare', 'P1000D')}${end}
   ${flow('start', 'choice')}${flow('choice', 'end')}
   ${['wait', 'pay', 'review', 'stuck', 'rare'].map((road) => flow('choice', road, `=road = "${road}"`)).join('')}
   ${chain('wait', 'end')}${chain('pay', 'end')}${chain('review', 'end')}${chain('rare', 'end')}
   ${flow('stuck', 'end', '=missing = 1')}`,
    '<bpmn:message id="ordered" name="ordered"/>',
  );
