import type { FlowNode } from '../flow-node.js';
import type {
  AnsweredInput,
  AnswerFailedInput,
  CallEndedInput,
  CallEscalatedInput,
  MessageInput,
  SignalInput,
  TaskCompletedInput,
  TaskFailedInput,
  TaskThrewErrorInput,
  TimerDueInput,
  UserChangedInput,
} from '../input.js';
import type { Answers, ConditionWait, Wait } from '../instance-state.js';
import { invariant } from '../invariant.js';
import { evaluateAgain, raiseConditionIncident, takeConditionAnswer } from './evaluate-condition.js';
import { raiseIncident } from './raise-incident.js';
import { findHandler } from './find-handler.js';
import { handle } from './handle.js';
import { resume } from './resume.js';
import type { Step, WorkingToken } from './step.js';
import { throwFromActivity } from './throw-error.js';

/** The inputs that concern something a token waits for. */
export type AwaitedInput =
  | TimerDueInput
  | MessageInput
  | SignalInput
  | UserChangedInput
  | TaskCompletedInput
  | TaskFailedInput
  | TaskThrewErrorInput
  | AnsweredInput
  | AnswerFailedInput
  | CallEndedInput
  | CallEscalatedInput;

/** Gives the input to the token that waits for it. False when none does: the input comes too late. */
export function receive(step: Step, input: AwaitedInput): boolean {
  const { kind, id } = awaitedBy(input);
  const found = step.findWait(id);
  if (found === null || found.wait.kind !== kind) return false;
  const { wait } = found;
  const token = step.touch(found.token);
  const node = step.node(token.elementId);
  switch (input.kind) {
    case 'timer-due':
      step.events.push({ kind: 'timer-fired', elementId: wait.elementId, timerId: id });
      resume(step, token, node, wait, input);
      break;
    case 'message':
      step.events.push({ kind: 'message-received', elementId: wait.elementId, subscriptionId: id });
      resume(step, token, node, wait, input);
      break;
    case 'signal':
      step.events.push({ kind: 'signal-received', elementId: wait.elementId, subscriptionId: id });
      resume(step, token, node, wait, input);
      break;
    case 'user-changed':
      evaluateAgain(step, token, wait as ConditionWait);
      break;
    case 'task-completed':
      step.events.push({ kind: 'task-completed', elementId: node.id, taskId: id });
      resume(step, token, node, wait, input);
      break;
    case 'call-ended':
      resume(step, token, node, wait, input);
      break;
    case 'call-escalated':
      escalateFromCall(step, token, node, input);
      break;
    case 'task-failed':
      failTask(step, token, node, wait, input);
      break;
    case 'task-threw-error':
      throwFromTask(step, token, node, wait, input);
      break;
    case 'answered':
      takeAnswer(step, token, node, wait, input);
      break;
    case 'answer-failed':
      failAnswer(step, token, node, wait, input);
      break;
  }
  return true;
}

function awaitedBy(input: AwaitedInput): { readonly kind: Wait['kind']; readonly id: string } {
  switch (input.kind) {
    case 'timer-due':
      return { kind: 'timer', id: input.timerId };
    case 'message':
      return { kind: 'message', id: input.subscriptionId };
    case 'signal':
      return { kind: 'signal', id: input.subscriptionId };
    case 'user-changed':
      return { kind: 'condition', id: input.subscriptionId };
    case 'task-completed':
    case 'task-failed':
    case 'task-threw-error':
      return { kind: 'task', id: input.taskId };
    case 'answered':
    case 'answer-failed':
      return { kind: 'question', id: input.questionId };
    case 'call-ended':
    case 'call-escalated':
      return { kind: 'call', id: input.callId };
  }
}

/** A called process escalates and goes on; so does this one, unless an interrupting handler cancels the call. */
function escalateFromCall(step: Step, token: WorkingToken, node: FlowNode, { code }: CallEscalatedInput): void {
  const handler = findHandler(step, { token, node }, 'escalation', code);
  step.events.push({ kind: 'escalation-thrown', elementId: node.id, code, caughtBy: handler?.node.id ?? null });
  if (handler === null) step.effects.push({ kind: 'escalate', elementId: node.id, code });
  else handle(step, handler);
}

function failTask(step: Step, token: WorkingToken, node: FlowNode, wait: Wait, input: TaskFailedInput): void {
  const { taskId, reason, remedy } = input;
  step.dropWait(token, wait);
  step.events.push({ kind: 'task-failed', elementId: node.id, taskId, reason });
  raiseIncident(step, token, node, 'task-failed', {
    reason,
    remedy: remedy ?? 'Remove the cause, then retry: the task is done again with the same idempotency key.',
  });
}

function throwFromTask(step: Step, token: WorkingToken, node: FlowNode, wait: Wait, input: TaskThrewErrorInput): void {
  const { code, message, variables } = input;
  step.dropWait(token, wait);
  if (variables !== undefined) step.setVariables(node.id, token.scopeId, variables);
  if (throwFromActivity(step, token, node, { code })) return;
  raiseIncident(step, token, node, 'uncaught-error', {
    reason: `the task threw error "${code}"${message === undefined ? '' : ` (${message})`}, and nothing catches it.`,
    remedy: 'Remove the cause and retry, or attach an error boundary event for this code.',
  });
}

/** Keeps the answer for the work at hand, which is taken up again when nothing else is asked; the answer of a task is its result. */
function takeAnswer(step: Step, token: WorkingToken, node: FlowNode, wait: Wait, input: AnsweredInput): void {
  invariant(wait.kind === 'question', 'Expected a question.');
  const { answer } = input;
  if (wait.condition !== undefined) {
    takeConditionAnswer(step, token, wait, answer);
    return;
  }
  if (wait.about === 'task' || wait.about === 'decision') {
    resume(step, token, node, wait, input);
    return;
  }
  step.dropWait(token, wait);
  switch (wait.about) {
    case 'profile':
      token.answers = { ...token.answers, user: answer };
      break;
    case 'segments':
      token.answers = {
        ...token.answers,
        segments: { ...token.answers?.segments, ...(answer as Answers['segments']) },
      };
      break;
    case 'reach':
      token.answers = { ...token.answers, reach: answer as unknown as NonNullable<Answers['reach']> };
      break;
  }
  if (!token.waits.some(isForWork)) step.enqueue(token, node);
}

/** Whether it is a question of the element, and not of a condition that is waited for beside it. */
const isForWork = (wait: Wait): boolean => wait.kind === 'question' && wait.condition === undefined;

function failAnswer(
  step: Step,
  token: WorkingToken,
  node: FlowNode,
  wait: Wait,
  { reason, remedy }: AnswerFailedInput,
): void {
  if (wait.kind === 'question' && wait.condition !== undefined) {
    step.dropWait(token, wait);
    raiseConditionIncident(step, token, wait.elementId, 'answer-failed', {
      reason,
      remedy: remedy ?? 'Remove the cause. The condition is looked at again when something changes that it reads.',
    });
    return;
  }
  // What else was asked for the same work is of no use any more; its answers come too late.
  token.waits = token.waits.filter((other) => !isForWork(other));
  raiseIncident(step, token, node, 'answer-failed', {
    reason,
    remedy: remedy ?? 'Remove the cause, then retry: the question is asked again.',
  });
}
