import { extensionOf, labelOf, textOf } from '../compile/bpmn-element.js';
import type { NodeDraft, Rule } from '../compile/diagram.js';

export const assignment: Rule = {
  name: 'assignment',
  level: 'warning',
  *check({ processes }) {
    for (const { nodes } of processes)
      for (const node of nodes)
        for (const text of assignmentsOf(node))
          if (/^\s*(=|[$#]\{)/.test(text))
            yield {
              elementId: node.id,
              message: `User task ${labelOf(node.element)} computes who may do it by ${text}, which is not supported: anyone may.`,
              remedy: 'Name users and groups in xflow:candidates.',
            };
  },
};

function assignmentsOf({ element, content }: NodeDraft): string[] {
  if (content?.type !== 'user-task') return [];
  const xflow = extensionOf(element, 'xflow:Candidates');
  const zeebe = extensionOf(element, 'zeebe:assignmentDefinition');
  return [
    ...(xflow ? [textOf(xflow, 'users'), textOf(xflow, 'groups')] : []),
    ...['assignee', 'candidateUsers', 'candidateGroups'].flatMap((name) => [
      zeebe && textOf(zeebe, name),
      textOf(element, `camunda:${name}`),
    ]),
  ].filter((text) => text !== null);
}
