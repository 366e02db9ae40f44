import type { UserTaskNode } from '../definition.js';
import { invariant } from '../invariant.js';
import { inputsOf } from '../step/data-mapping.js';
import { mergeAndLeave } from '../step/map-result.js';
import type { ElementBehavior } from './element-behavior.js';
import { createTask } from './task.js';

/** A person decides; what they entered is merged into the variables. */
export const userTask: ElementBehavior<UserTaskNode> = {
  enter(step, token, node) {
    const { form, candidateUsers, candidateGroups } = node;
    const config = {
      ...(form === null ? {} : { form: { key: form.key, fields: form.fields } }),
      ...(candidateUsers.length === 0 ? {} : { candidateUsers }),
      ...(candidateGroups.length === 0 ? {} : { candidateGroups }),
    };
    createTask(step, token, node, 'user', 'user-task', config, inputsOf(node, token) ?? {});
  },

  resume(step, token, node, wait, input) {
    invariant(input.kind === 'task-completed', `Expected a completed task for ${node.id}, not ${input.kind}.`);
    step.dropWait(token, wait);
    mergeAndLeave(step, token, node, input.result);
  },
};
