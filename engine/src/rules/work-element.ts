import { extensionsOf, labelOf } from '../compile/bpmn-element.js';
import type { NodeDraft, Rule } from '../compile/diagram.js';
import { workElements } from '../compile/work.js';

export const workElement: Rule = {
  name: 'work-element',
  level: 'error',
  *check({ processes }) {
    for (const { nodes } of processes)
      for (const node of nodes) {
        const said = extensionsOf(node.element).filter(({ $type }) => workElements.includes($type));
        const names = [...new Set(said.map(({ $type }) => $type.replace(/:./, (start) => start.toLowerCase())))].join(
          ', ',
        );
        if (said.length > 1)
          yield {
            elementId: node.id,
            message: `${labelOf(node.element)} is to do more than one thing: ${names}.`,
            remedy: 'Keep one of them, and put the others on tasks of their own.',
          };
        else if (said.length === 1 && hasOtherWork(node))
          yield {
            elementId: node.id,
            message: `${labelOf(node.element)} has ${names}, which is not executed here.`,
            remedy: 'Put it on a service task of its own.',
          };
      }
  },
};

/** What the element does by itself, so that a task handler would never be asked. A call activity uses xflow:task for its mappings. */
function hasOtherWork({ content, element }: NodeDraft): boolean {
  if (content?.type === 'call-activity')
    return extensionsOf(element).some((said) => said.$type !== 'xflow:Task' || said.get?.('type') !== undefined);
  return (
    content?.type === 'user-task' ||
    content?.type === 'receive-task' ||
    content?.type === 'script-task' ||
    content?.type === 'decision-task'
  );
}
