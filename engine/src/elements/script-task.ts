import type { ScriptTaskNode } from '../flow-node.js';
import { setResult } from '../step/data-mapping.js';
import { leave } from '../step/leave.js';
import { mergeAndLeave } from '../step/map-result.js';
import { contextFor } from '../step/questions.js';
import { raiseIncident } from '../step/raise-incident.js';
import type { ElementBehavior } from './element-behavior.js';

/** Runs the script in its sandbox, over the variables; its result goes into the result variable, or an object is merged. */
export const scriptTask: ElementBehavior<ScriptTaskNode> = {
  enter(step, token, node) {
    const context = contextFor(step, token, node.script.needs);
    if (context === null) return;
    const result = node.script.evaluate(context);
    if (!result.ok) {
      raiseIncident(step, token, node, 'script-failed', result);
      return;
    }
    if (node.resultVariable === null) {
      mergeAndLeave(step, token, node, result.value);
      return;
    }
    setResult(step, token, node, Object.fromEntries([[node.resultVariable, result.value]]));
    leave(step, token, node);
  },
};
