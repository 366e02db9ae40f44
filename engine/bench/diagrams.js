/** BPMN of the benchmarks. Conditions are written for both engines: `dialect` says for which. */

const namespaces =
  'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xflow="http://example.com/bpmn/xflow-extension"';

const process = (content) =>
  `<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions ${namespaces} id="file" targetNamespace="urn:bench"><bpmn:process id="p" isExecutable="true">${content}</bpmn:process></bpmn:definitions>`;

const flow = (id, source, target, condition) =>
  `<bpmn:sequenceFlow id="${id}" sourceRef="${source}" targetRef="${target}">${
    condition
      ? `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">${condition}</bpmn:conditionExpression>`
      : ''
  }</bpmn:sequenceFlow>`;

/** How each engine is told that a service task is work for the host, and reads a variable. */
export const dialects = {
  ours: {
    service: (id) =>
      `<bpmn:serviceTask id="${id}"><bpmn:extensionElements><xflow:task type="work" /></bpmn:extensionElements></bpmn:serviceTask>`,
    isTrue: (variable) => `=${variable}`,
  },
  peer: {
    service: (id) => `<bpmn:serviceTask id="${id}" implementation="\${environment.services.work}" />`,
    isTrue: (variable) => `\${environment.variables.${variable}}`,
  },
};

const chain = (ids, prefix = 'f') =>
  ids
    .slice(1)
    .map((id, index) => flow(`${prefix}${index}`, ids[index], id))
    .join('');
const numbered = (count, name) => Array.from({ length: count }, (_, index) => `${name}${index}`);

/** Start, service tasks in a row, end. */
export function linear(count, { service }) {
  const tasks = numbered(count, 't');
  return process(
    `<bpmn:startEvent id="s" />${tasks.map(service).join('')}<bpmn:endEvent id="e" />${chain(['s', ...tasks, 'e'])}`,
  );
}

/** 15 nodes: a choice, a fork of three with its join, a choice. 13 of them run. */
export function mix({ service, isTrue }) {
  return process(
    `<bpmn:startEvent id="s" /><bpmn:exclusiveGateway id="x1" default="x1b" /><bpmn:exclusiveGateway id="m1" />
     <bpmn:parallelGateway id="fork" /><bpmn:parallelGateway id="join" /><bpmn:exclusiveGateway id="x2" default="x2b" />
     <bpmn:exclusiveGateway id="m2" /><bpmn:endEvent id="e" />${numbered(7, 't').map(service).join('')}
     ${flow('a', 's', 'x1')}${flow('x1a', 'x1', 't0', isTrue('big'))}${flow('x1b', 'x1', 't1')}${flow('b', 't0', 'm1')}${flow('c', 't1', 'm1')}${flow('d', 'm1', 'fork')}
     ${[2, 3, 4].map((n) => flow(`in${n}`, 'fork', `t${n}`) + flow(`out${n}`, `t${n}`, 'join')).join('')}
     ${flow('f', 'join', 'x2')}${flow('x2a', 'x2', 't5', isTrue('small'))}${flow('x2b', 'x2', 't6')}${flow('g', 't5', 'm2')}${flow('h', 't6', 'm2')}${flow('i', 'm2', 'e')}`,
  );
}

/** Tasks without work in a row: they run in one step. */
export function passing(count) {
  const tasks = numbered(count, 't');
  return process(
    `<bpmn:startEvent id="s" />${tasks.map((id) => `<bpmn:task id="${id}" />`).join('')}<bpmn:endEvent id="e" />${chain(['s', ...tasks, 'e'])}`,
  );
}

/** One task without work, so many times at once. */
export function multiInstance(cardinality) {
  return process(
    `<bpmn:startEvent id="s" /><bpmn:task id="t"><bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>${cardinality}</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics></bpmn:task><bpmn:endEvent id="e" />${chain(['s', 't', 'e'])}`,
  );
}

/** A user task that leads back to itself, in a diagram with so many nodes beside it. */
export function stepIn(nodes) {
  const rest = numbered(nodes - 4, 't');
  return process(
    `<bpmn:startEvent id="s" /><bpmn:exclusiveGateway id="x" /><bpmn:userTask id="u" /><bpmn:exclusiveGateway id="y" default="go" />
     ${rest.map((id) => `<bpmn:userTask id="${id}" />`).join('')}
     ${flow('f0', 's', 'x')}${flow('f1', 'x', 'u')}${flow('f2', 'u', 'y')}${flow('back', 'y', 'x', '=again')}${flow('go', 'y', rest[0])}${chain(rest, 'r')}`,
  );
}

/** A journey of 15 nodes: waits of days, a stable split of arms, a choice by the profile, and mails. */
export const journey = process(
  `<bpmn:startEvent id="s" /><bpmn:serviceTask id="check"><bpmn:extensionElements><xflow:segmentCheck segment="vip" resultVariable="vip" /></bpmn:extensionElements></bpmn:serviceTask>
   <bpmn:exclusiveGateway id="x" default="toSplit" /><bpmn:intermediateCatchEvent id="w1"><bpmn:timerEventDefinition><bpmn:timeDuration>P3D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>
   <bpmn:exclusiveGateway id="split"><bpmn:extensionElements><xflow:split experiment="arms" /></bpmn:extensionElements></bpmn:exclusiveGateway>
   ${['mailA', 'mailB', 'mailVip']
     .map(
       (id) =>
         `<bpmn:sendTask id="${id}"><bpmn:extensionElements><xflow:message channel="email" template="${id}" /></bpmn:extensionElements></bpmn:sendTask>`,
     )
     .join('')}
   <bpmn:exclusiveGateway id="m1" /><bpmn:intermediateCatchEvent id="w2"><bpmn:timerEventDefinition><bpmn:timeDuration>P7D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>
   <bpmn:parallelGateway id="fork" /><bpmn:serviceTask id="tag"><bpmn:extensionElements><xflow:tag add="seen" /></bpmn:extensionElements></bpmn:serviceTask>
   <bpmn:intermediateCatchEvent id="w3"><bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>
   <bpmn:parallelGateway id="join" /><bpmn:endEvent id="e" />
   ${flow('f1', 's', 'check')}${flow('f2', 'check', 'x')}${flow('toVip', 'x', 'w1', '=vip')}${flow('toSplit', 'x', 'split')}${flow('f3', 'w1', 'mailVip')}${flow('f4', 'mailVip', 'm1')}
   <bpmn:sequenceFlow id="armA" sourceRef="split" targetRef="mailA"><bpmn:extensionElements><xflow:weight value="50" /></bpmn:extensionElements></bpmn:sequenceFlow>
   <bpmn:sequenceFlow id="armB" sourceRef="split" targetRef="mailB"><bpmn:extensionElements><xflow:weight value="50" /></bpmn:extensionElements></bpmn:sequenceFlow>
   ${flow('f5', 'mailA', 'm1')}${flow('f6', 'mailB', 'm1')}${flow('f7', 'm1', 'w2')}${flow('f8', 'w2', 'fork')}${flow('f9', 'fork', 'tag')}${flow('f10', 'fork', 'w3')}${flow('f11', 'tag', 'join')}${flow('f12', 'w3', 'join')}${flow('f13', 'join', 'e')}`,
);

/** Of a hundred nodes, with work, conditions, timers and names, as people draw them. */
export function drawn(nodes) {
  const blocks = Math.floor((nodes - 2) / 7);
  const parts = [];
  for (let n = 0; n < blocks; n += 1)
    parts.push(
      `<bpmn:exclusiveGateway id="x${n}" name="Big order ${n}?" default="d${n}" /><bpmn:serviceTask id="a${n}" name="Tag the buyer"><bpmn:extensionElements><xflow:tag add="buyer" /></bpmn:extensionElements></bpmn:serviceTask>
       <bpmn:userTask id="b${n}" name="Call the buyer" /><bpmn:exclusiveGateway id="m${n}" /><bpmn:intermediateCatchEvent id="w${n}" name="Wait"><bpmn:timerEventDefinition id="wt${n}"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P${n + 1}D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>
       <bpmn:sendTask id="c${n}" name="Write"><bpmn:extensionElements><xflow:message channel="email" template="news" /></bpmn:extensionElements></bpmn:sendTask><bpmn:task id="g${n}" name="Note" />
       ${flow(`i${n}`, n === 0 ? 's' : `g${n - 1}`, `x${n}`)}${flow(`t${n}`, `x${n}`, `a${n}`, `=amount &gt; ${n}`)}${flow(`d${n}`, `x${n}`, `b${n}`)}${flow(`p${n}`, `a${n}`, `m${n}`)}${flow(`q${n}`, `b${n}`, `m${n}`)}${flow(`r${n}`, `m${n}`, `w${n}`)}${flow(`u${n}`, `w${n}`, `c${n}`)}${flow(`v${n}`, `c${n}`, `g${n}`)}`,
    );
  return process(
    `<bpmn:startEvent id="s" />${parts.join('')}<bpmn:endEvent id="e" />${flow('last', `g${blocks - 1}`, 'e')}`,
  );
}
