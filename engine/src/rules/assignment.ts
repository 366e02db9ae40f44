import { labelOf } from '../compile/bpmn-element.js';
import type { Rule } from '../compile/diagram.js';
import { globalTaskOf } from '../compile/global-task.js';
import { candidatesSaidBy, isForeignCandidate } from '../compile/read-user-task.js';

export const assignment: Rule = {
  name: 'assignment',
  level: 'warning',
  *check({ processes }) {
    for (const { nodes } of processes)
      for (const { id, element, content } of nodes) {
        if (content?.type !== 'user-task') continue;
        const { users, groups } = candidatesSaidBy(globalTaskOf(element) ?? element, element);
        for (const text of [...users, ...groups])
          if (isForeignCandidate(text))
            yield {
              elementId: id,
              message: `User task ${labelOf(element)} computes who may do it by ${text}, which is not understood: it names nobody.`,
              remedy: 'Write it in FEEL, as in =owner, or name users and groups in xflow:candidates.',
            };
      }
  },
};
