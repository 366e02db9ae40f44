import { type BpmnElement, extensionsOf, idOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';

/** What the compiler reads, and what other engines' modelers write without meaning for the execution. */
const understood: ReadonlySet<string> = new Set([
  'zeebe:taskDefinition',
  'zeebe:ioMapping',
  'zeebe:taskHeaders',
  'zeebe:subscription',
  'zeebe:calledElement',
  'zeebe:calledDecision',
  'zeebe:script',
  'zeebe:formDefinition',
  'zeebe:assignmentDefinition',
  'zeebe:userTask',
  'zeebe:versionTag',
  'zeebe:modelerTemplate',
  'zeebe:modelerTemplateVersion',
  'zeebe:modelerTemplateIcon',
  'camunda:in',
  'camunda:out',
  'camunda:type',
  'camunda:topic',
  'camunda:resultVariable',
  'camunda:decisionRef',
  'camunda:formKey',
  'camunda:assignee',
  'camunda:candidateUsers',
  'camunda:candidateGroups',
  'camunda:versionTag',
  'camunda:historyTimeToLive',
  'camunda:modelerTemplate',
  'camunda:isStartableInTasklist',
]);

export const unknownExtension: Rule = {
  name: 'unknown-extension',
  level: 'warning',
  *check({ processes }) {
    const first = new Map<string, { readonly id: string; count: number }>();
    for (const { element: process, nodes, flows } of processes)
      for (const element of [process, ...nodes.map((node) => node.element), ...flows.map((flow) => flow.element)])
        for (const name of namesIn(element)) {
          const seen = first.get(name);
          if (seen) seen.count += 1;
          else first.set(name, { id: idOf(element), count: 1 });
        }
    for (const [name, { id, count }] of first)
      yield {
        elementId: id,
        message: `The extension ${name} is ignored: it is not part of the xflow language${count > 1 ? ` (${count} elements have it)` : ''}.`,
        remedy: 'Express what it means in the xflow language, or leave it if nothing depends on it.',
      };
  },
};

function namesIn(element: BpmnElement): string[] {
  const names = [
    ...extensionsOf(element).map(({ $type }) => $type),
    ...Object.keys(element.$attrs ?? {}).filter((name) => name.includes(':')),
  ];
  return names.filter((name) => !name.startsWith('xflow:') && !name.startsWith('xmlns') && !understood.has(name));
}
