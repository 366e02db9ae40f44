import { taskCatalog } from '@xflow/schemas';
import { compile } from '../src/compile/compile.js';
import type { Definition } from '../src/definition.js';

const namespaces =
  'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xflow="urn:xflow:bpmn:1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

/**
 * A BPMN file of one process. `nodes` is XML inside of the process; every flow is a line `id: source -> target`, followed by `if`
 * and a FEEL condition or by `weight` and a number where it has one. `globals` is XML beside the process.
 */
export function bpmn(nodes: string, flows: readonly string[] = [], globals = '', processExtensions = ''): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions ${namespaces} id="file" targetNamespace="urn:test">
${globals}
<bpmn:process id="journey" name="Journey" isExecutable="true">
${processExtensions === '' ? '' : `<bpmn:extensionElements>${processExtensions}</bpmn:extensionElements>`}
${nodes}
${flows.map(flow).join('\n')}
</bpmn:process>
</bpmn:definitions>`;
}

/** The sequence flow of one line; also for the content of subprocesses. */
export function flow(line: string): string {
  const match = /^(\S+): (\S+) -> (\S+)(?: if (.+)| weight (\S+))?$/.exec(line);
  if (match === null) throw new Error(`Expected a line "id: source -> target", not "${line}".`);
  const [, id, source, target, condition, weight] = match;
  const escaped = condition?.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const content =
    escaped !== undefined
      ? `<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=${escaped}</bpmn:conditionExpression>`
      : weight !== undefined
        ? `<bpmn:extensionElements><xflow:weight value="${weight}" /></bpmn:extensionElements>`
        : '';
  return `<bpmn:sequenceFlow id="${id}" sourceRef="${source}" targetRef="${target}">${content}</bpmn:sequenceFlow>`;
}

export const message = (name: string) => `<bpmn:message id="message_${name}" name="${name}" />`;
export const error = (code: string) => `<bpmn:error id="error_${code}" errorCode="${code}" />`;
export const signal = (name: string) => `<bpmn:signal id="signal_${name}" name="${name}" />`;
export const escalation = (code: string) => `<bpmn:escalation id="escalation_${code}" escalationCode="${code}" />`;
export const timer = (duration: string) =>
  `<bpmn:timerEventDefinition><bpmn:timeDuration>${duration}</bpmn:timeDuration></bpmn:timerEventDefinition>`;
export const cycle = (text: string) =>
  `<bpmn:timerEventDefinition><bpmn:timeCycle>${text}</bpmn:timeCycle></bpmn:timerEventDefinition>`;
export const onMessage = (name: string) => `<bpmn:messageEventDefinition messageRef="message_${name}" />`;
export const onError = (code: string) => `<bpmn:errorEventDefinition errorRef="error_${code}" />`;
export const onSignal = (name: string) => `<bpmn:signalEventDefinition signalRef="signal_${name}" />`;
export const onEscalation = (code: string) => `<bpmn:escalationEventDefinition escalationRef="escalation_${code}" />`;
export const onCondition = (feel: string) =>
  `<bpmn:conditionalEventDefinition><bpmn:condition xsi:type="bpmn:tFormalExpression">=${feel.replaceAll('<', '&lt;')}</bpmn:condition></bpmn:conditionalEventDefinition>`;
export const extensions = (content: string) => `<bpmn:extensionElements>${content}</bpmn:extensionElements>`;

export const taskTypes = {
  charge: {
    type: 'charge',
    kind: 'job' as const,
    title: 'Charge',
    description: 'Charges.',
    schema: { type: 'object' },
  },
  score: { type: 'score', kind: 'answer' as const, title: 'Score', description: 'Scores.', schema: { type: 'object' } },
};

/** A service task that is a job of type `charge`; `content` goes inside xflow:task. */
export const job = (id: string, content = '', attributes = '') =>
  `<bpmn:serviceTask id="${id}">${extensions(`<xflow:task type="charge" ${attributes}>${content}</xflow:task>`)}</bpmn:serviceTask>`;

/** Compiles all processes of a file that must be valid. */
export async function compileAll(xml: string): Promise<readonly Definition[]> {
  const result = await compile(xml, { taskTypes: { ...taskCatalog, ...taskTypes } });
  if (!result.ok) throw new Error(`The test's diagram does not compile: ${JSON.stringify(result.problems, null, 2)}`);
  return result.definitions;
}

export async function compileOne(xml: string): Promise<Definition> {
  const [definition] = await compileAll(xml);
  if (definition === undefined) throw new Error('Expected a process in the file of the test.');
  return definition;
}
