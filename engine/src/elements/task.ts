import type { MessageSendNode, TaskNode } from '../flow-node.js';
import type { TaskSpec } from '../task-spec.js';
import { mergeNeeds } from '../expressions/needs.js';
import { invariant } from '../invariant.js';
import { isObject, type Variables } from '../json.js';
import type { TaskAnswer } from '../question.js';
import { inputsOf, setResult } from '../step/data-mapping.js';
import { describeNode, describeWorkflow } from '../step/describe.js';
import { leave } from '../step/leave.js';
import { mapOutputs, mergeAndLeave, startCompleting } from '../step/map-result.js';
import { ask, contextFor, forgetAnswers } from '../step/questions.js';
import { raiseIncident } from '../step/raise-incident.js';
import type { Step, WorkingToken } from '../step/step.js';
import type { ElementBehavior } from './element-behavior.js';

type WorkNode = TaskNode | MessageSendNode;

/** Service, business rule tasks and the xflow elements that are work of a task type: asked within the step, or done after the commit. */
export const task: ElementBehavior<WorkNode> = {
  enter(step, token, node) {
    const work = evaluateWork(step, token, node);
    if (work !== null) handOver(step, token, node, work);
  },

  resume(step, token, node, wait, input) {
    step.dropWait(token, wait);
    if (input.kind === 'task-completed') startCompleting(token, input.result ?? null);
    else {
      invariant(input.kind === 'answered', () => `Expected an answer or a result for ${node.id}, not ${input.kind}.`);
      startCompleting(token, applyAnswer(step, node, input.answer as unknown as TaskAnswer));
    }
    completeTask(step, token, node);
  },

  complete: completeTask,
};

export interface EvaluatedWork {
  readonly config: Variables;
  readonly input: Variables;
}

/** Evaluates configuration and inputs; null when something is asked first, or something is wrong and an incident says so. */
export function evaluateWork(step: Step, token: WorkingToken, node: WorkNode): EvaluatedWork | null {
  const { task } = node;
  const context = contextFor(step, token, mergeNeeds([task.config, task.input]));
  if (context === null) return null;
  const config = task.config.evaluate(context);
  const input = config.ok ? task.input.evaluate(context) : config;
  if (!config.ok || !input.ok) {
    raiseIncident(
      step,
      token,
      node,
      'expression-failed',
      config.ok ? (input as typeof config & { ok: false }) : config,
    );
    return null;
  }
  invariant(
    isObject(config.value) && isObject(input.value),
    () => `Expected objects as configuration and input of ${node.id}.`,
  );
  const problems = task.validateConfig(config.value);
  if (problems.length > 0) {
    raiseIncident(step, token, node, 'invalid-config', {
      reason: `the configuration of task type "${task.taskType}" is not valid: ${problems.join(' ')}`,
      remedy: 'Set the variables that the configuration reads and retry, or correct the diagram.',
    });
    return null;
  }
  // What data associations bring is the input, beside what the task says itself.
  return { config: config.value, input: { ...inputsOf(node, token), ...input.value } };
}

/** Hands the work to its handler: a question within this step, or a job after it. */
export function handOver(step: Step, token: WorkingToken, node: WorkNode, { config, input }: EvaluatedWork): void {
  const { taskType, kind, retry } = node.task;
  forgetAnswers(token);
  if (kind === 'answer') {
    ask(step, token, { kind: 'task', type: taskType, config, input });
    return;
  }
  createTask(step, token, node, 'job', taskType, config, input, retry);
}

export function createTask(
  step: Step,
  token: WorkingToken,
  { id: elementId, name: elementName }: { readonly id: string; readonly name: string | null },
  taskKind: 'job' | 'user',
  type: string,
  config: Variables,
  input: Variables,
  retry: TaskSpec['retry'] = null,
): void {
  const taskId = step.newId('task');
  step.addWait(token, { kind: 'task', id: taskId, elementId, type, taskKind });
  const idempotencyKey = `${step.before.instanceId}:${elementId}:${token.visit}`;
  step.effects.push({
    kind: 'create-task',
    taskId,
    elementId,
    elementName,
    taskKind,
    type,
    config,
    input,
    idempotencyKey,
    ...(retry === null ? {} : { retry }),
  });
  step.events.push({ kind: 'task-created', elementId, taskId, type });
}

function applyAnswer(step: Step, node: WorkNode, { result, changes }: TaskAnswer) {
  for (const change of changes ?? []) {
    const reason = `Task ${describeNode(node)} of workflow ${describeWorkflow(step.definition)} decided it.`;
    step.changeUser(node.id, change, reason);
  }
  return result ?? null;
}

/** Also for what stands in for the work, such as a refused reach. */
export function completeTask(step: Step, token: WorkingToken, node: WorkNode): void {
  const { outputs, resultVariable, mergesResult } = node.task;
  const { result } = token;
  if (outputs.length > 0) {
    if (!mapOutputs(step, token, node, outputs, { result })) return;
  } else if (resultVariable !== null) {
    setResult(step, token, node, Object.fromEntries([[resultVariable, result]]));
  } else if (mergesResult || node.data?.keepsResult === true) {
    mergeAndLeave(step, token, node, result);
    return;
  }
  leave(step, token, node);
}
