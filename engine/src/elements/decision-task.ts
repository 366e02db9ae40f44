import type { DecisionTaskNode } from '../flow-node.js';
import { mergeNeeds } from '../expressions/needs.js';
import { invariant } from '../invariant.js';
import { isObject } from '../json.js';
import type { DecisionAnswer } from '../question.js';
import { setResult } from '../step/data-mapping.js';
import { leave } from '../step/leave.js';
import { mapOutputs, mergeAndLeave, startCompleting } from '../step/map-result.js';
import { ask, contextFor, forgetAnswers } from '../step/questions.js';
import { raiseIncident } from '../step/raise-incident.js';
import type { Step, WorkingToken } from '../step/step.js';
import type { ElementBehavior } from './element-behavior.js';

/** A business rule task that asks what a decision of DMN says (BPMN 2.0.2, 10.3.3): a question, answered within the step. */
export const decisionTask: ElementBehavior<DecisionTaskNode> = {
  enter(step, token, node) {
    const context = contextFor(step, token, mergeNeeds([node.decision, node.input]));
    if (context === null) return;
    const decision = node.decision.evaluate(context);
    const input = decision.ok ? node.input.evaluate(context) : decision;
    if (!decision.ok || !input.ok) {
      raiseIncident(
        step,
        token,
        node,
        'expression-failed',
        decision.ok ? (input as typeof decision & { ok: false }) : decision,
      );
      return;
    }
    invariant(isObject(input.value), `Expected an object as input of ${node.id}.`);
    if (typeof decision.value !== 'string' || decision.value === '') {
      raiseIncident(step, token, node, 'invalid-config', {
        reason: `the expression ${node.decision.source} gave no id of a decision.`,
        remedy: 'Set the variables that it reads and retry, or correct the diagram.',
      });
      return;
    }
    forgetAnswers(token);
    ask(step, token, {
      kind: 'decision',
      decision: decision.value,
      variables: { ...context.variables, ...input.value },
    });
  },

  resume(step, token, node, wait, input) {
    invariant(input.kind === 'answered', `Expected what was decided for ${node.id}, not ${input.kind}.`);
    step.dropWait(token, wait);
    startCompleting(token, (input.answer as unknown as DecisionAnswer).result ?? null);
    complete(step, token, node);
  },

  complete,
};

function complete(step: Step, token: WorkingToken, node: DecisionTaskNode): void {
  const { outputs, resultVariable } = node;
  const { result } = token;
  const named = resultVariable === null ? {} : Object.fromEntries([[resultVariable, result]]);
  if (outputs.length > 0) {
    if (!mapOutputs(step, token, node, outputs, { ...named, result })) return;
  } else if (resultVariable !== null) {
    setResult(step, token, node, named);
  } else if (node.data?.keepsResult === true) {
    mergeAndLeave(step, token, node, result);
    return;
  }
  leave(step, token, node);
}
