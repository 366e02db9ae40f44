import type { EvaluationResult } from '../expression.js';
import type { AdHocSubprocessNode, FlowNode } from '../flow-node.js';
import type { ActivateInput } from '../input.js';
import { invariant } from '../invariant.js';
import { mergeNeeds } from '../expressions/needs.js';
import { maxTokens } from '../step/bounds.js';
import { cancelTokens } from '../step/close-waits.js';
import { completeScope, raiseTokenBound } from '../step/leave.js';
import { contextFor, forgetAnswers } from '../step/questions.js';
import { raiseIncident } from '../step/raise-incident.js';
import { beginScope } from '../step/begin-inside.js';
import { isRunning, openSubprocess } from '../step/start-scope.js';
import type { Step, WorkingToken } from '../step/step.js';
import type { ElementBehavior } from './element-behavior.js';

/**
 * Opens a scope whose activities begin when they are asked for, in any order and as often as wanted, all at once or one at a time. Whenever
 * one has ended, the completion condition says whether that is enough (BPMN 2.0.2, 10.3.5 and 13.3.5).
 */
export const adHocSubprocess: ElementBehavior<AdHocSubprocessNode> = {
  enter(step, token, node) {
    const initial = token.startAt === undefined ? initialActivities(step, token, node) : [];
    if (initial === null) return;
    if (step.tokenCount + initial.length > maxTokens) {
      raiseTokenBound(step, token, node);
      return;
    }
    forgetAnswers(token);
    const scopeId = openSubprocess(step, token, node);
    beginScope(step, token, scopeId, []);
    for (const activity of initial) begin(step, scopeId, node, activity);
  },

  /** An activity inside has ended. */
  complete(step, token, node) {
    const scopeId = scopeOf(token);
    const running = isRunning(step, scopeId);
    const enough = token.result === closing || isEnough(step, token, node, running);
    if (enough === null) return;
    forgetAnswers(token);
    if (enough && (!running || (node.cancelRemaining && token.result !== closing))) {
      cancelTokens(step, scopeId, null);
      completeScope(step, scopeId, 'completed');
      return;
    }
    token.phase = 'entered';
    if (enough) token.result = closing;
    else if (!running) beginNext(step, scopeId, node);
  },
};

/** Marks one that is complete, and waits for what still runs in it. */
const closing = 'closing';

/** Something asks for an activity. False: it is none of an open ad-hoc subprocess that still begins activities. */
export function activate(step: Step, { elementId, variables }: ActivateInput): boolean {
  const activity = step.definition.nodes.get(elementId);
  const node = activity && step.definition.nodes.get(activity.scopeId);
  if (!activity || node?.type !== 'ad-hoc-subprocess' || !node.scope.implicitStarts.includes(activity)) return false;
  for (const { id, parentTokenId } of step.scopesOf(node.id)) {
    if (parentTokenId === null) continue;
    const token = step.tokenById(parentTokenId);
    if (token.result === closing || token.phase === 'compensating' || !token.waits.some((wait) => wait.id === id))
      continue;
    if (variables !== undefined) step.setVariables(elementId, id, variables);
    begin(step, id, node, activity);
    return true;
  }
  return false;
}

function begin(step: Step, scopeId: string, node: AdHocSubprocessNode, activity: FlowNode): void {
  if (node.sequential && isRunning(step, scopeId)) {
    step.setPending(scopeId, [...step.pendingIn(scopeId), activity.id]);
    return;
  }
  const full = step.tokenCount >= maxTokens;
  const token = step.addToken(activity, scopeId, null);
  if (full) raiseTokenBound(step, token, activity);
  else step.enqueue(token, activity);
}

function beginNext(step: Step, scopeId: string, node: AdHocSubprocessNode): void {
  const [next, ...others] = step.pendingIn(scopeId);
  if (next === undefined) return;
  step.setPending(scopeId, others);
  begin(step, scopeId, node, step.node(next));
}

/** Without a condition: everything that was asked for has ended. Null: something is asked first, or the condition failed. */
function isEnough(step: Step, token: WorkingToken, node: AdHocSubprocessNode, running: boolean): boolean | null {
  if (node.completion === null) return !running && step.pendingIn(scopeOf(token)).length === 0;
  const context = contextFor(step, token, node.completion.needs);
  if (context === null) return null;
  const result = node.completion.evaluate({ ...context, variables: step.variablesIn(scopeOf(token)) });
  if (result.ok) return result.value === true;
  raiseIncident(step, token, node, 'expression-failed', result);
  return null;
}

/** The activities that begin at once; null: something is asked first, or the list is wrong. */
function initialActivities(step: Step, token: WorkingToken, node: AdHocSubprocessNode): readonly FlowNode[] | null {
  if (node.initial === null) return [];
  const context = contextFor(step, token, mergeNeeds([node.initial]));
  if (context === null) return null;
  const found = namedActivities(node, node.initial.evaluate(context));
  if (Array.isArray(found)) return found;
  raiseIncident(step, token, node, 'expression-failed', found);
  return null;
}

function namedActivities(node: AdHocSubprocessNode, result: EvaluationResult) {
  if (!result.ok) return result;
  const remedy = 'Set the variables that the list of activities reads, then retry.';
  if (!Array.isArray(result.value)) return { reason: 'the activities to begin with are no list.', remedy };
  const activities: FlowNode[] = [];
  for (const id of result.value) {
    const activity = node.scope.implicitStarts.find((one) => one.id === id);
    if (activity === undefined)
      return {
        reason: `it cannot begin with ${JSON.stringify(id).slice(0, 200)}, which is no activity in it, or has incoming sequence flows.`,
        remedy,
      };
    activities.push(activity);
  }
  return activities;
}

function scopeOf(token: WorkingToken): string {
  const wait = token.waits.find(({ kind }) => kind === 'children');
  invariant(wait, `Expected that token ${token.id} waits for an ad-hoc subprocess.`);
  return wait.id;
}
