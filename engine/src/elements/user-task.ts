import type { EvaluationContext, EvaluationFailure } from '../expression.js';
import type { Candidate, UserTaskNode } from '../flow-node.js';
import { mergeNeeds } from '../expressions/needs.js';
import { invariant } from '../invariant.js';
import { inputsOf } from '../step/data-mapping.js';
import { mergeAndLeave } from '../step/map-result.js';
import { contextFor, forgetAnswers } from '../step/questions.js';
import { raiseIncident } from '../step/raise-incident.js';
import type { ElementBehavior } from './element-behavior.js';
import { createTask } from './task.js';

/** A person decides; what they entered is merged into the variables. */
export const userTask: ElementBehavior<UserTaskNode> = {
  enter(step, token, node) {
    const { form, lane } = node;
    const computed = [...node.candidateUsers, ...node.candidateGroups].filter((one) => typeof one !== 'string');
    const context = contextFor(step, token, mergeNeeds(computed));
    if (context === null) return;
    const users = namesOf(node.candidateUsers, context);
    const groups = users.ok ? namesOf(node.candidateGroups, context) : users;
    if (!users.ok || !groups.ok) {
      const failure = users.ok ? groups : users;
      raiseIncident(step, token, node, 'expression-failed', failure as EvaluationFailure);
      return;
    }
    forgetAnswers(token);
    const config = {
      ...(form === null ? {} : { form: { key: form.key, fields: form.fields } }),
      ...(lane === null ? {} : { lane }),
      ...(users.names.length === 0 ? {} : { candidateUsers: users.names }),
      ...(groups.names.length === 0 ? {} : { candidateGroups: groups.names }),
    };
    createTask(step, token, node, 'user', 'user-task', config, inputsOf(node, token) ?? {});
  },

  resume(step, token, node, wait, input) {
    invariant(input.kind === 'task-completed', `Expected a completed task for ${node.id}, not ${input.kind}.`);
    step.dropWait(token, wait);
    mergeAndLeave(step, token, node, input.result);
  },
};

type Names = { readonly ok: true; readonly names: readonly string[] } | EvaluationFailure;

/** Each once. An expression gives a name, names separated by commas, a list of names, or null for nobody. */
function namesOf(candidates: readonly Candidate[], context: EvaluationContext): Names {
  const names = new Set<string>();
  for (const candidate of candidates) {
    const result =
      typeof candidate === 'string' ? { ok: true as const, value: candidate } : candidate.evaluate(context);
    if (!result.ok) return result;
    const { value } = result;
    const list = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [value ?? ''];
    for (const name of list) {
      if (typeof name !== 'string' && typeof name !== 'number')
        return {
          ok: false,
          reason: `who may do it was computed as ${JSON.stringify(value).slice(0, 200)}, which is no name and no list of names.`,
          remedy: 'Set the variables that it reads, then retry.',
        };
      const trimmed = String(name).trim();
      if (trimmed !== '') names.add(trimmed);
    }
  }
  return { ok: true, names: [...names] };
}
