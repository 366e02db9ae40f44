import type { SequenceFlow } from '../definition.js';
import type { EvaluationContext } from '../expression.js';
import type { ComplexGatewayNode } from '../flow-node.js';
import { mergeNeeds, noNeeds } from '../expressions/needs.js';
import type { Token } from '../instance-state.js';
import { type ChosenFlow, endToken, raiseNoFlowChosen, takeFlows } from '../step/leave.js';
import { contextFor, forgetAnswers } from '../step/questions.js';
import { raiseIncident } from '../step/raise-incident.js';
import { recordEntry } from '../step/record-entry.js';
import type { Step, WorkingToken } from '../step/step.js';
import type { ElementBehavior } from './element-behavior.js';
import { hasComplexJoin, isAwaitingNone } from './inclusive-gateway.js';
import { oneAFlow, waitAtJoin } from './join.js';

/**
 * Lets a token through as soon as its activation condition is true, then takes what still comes on the other flows without letting it
 * through, until nothing more can come: the reset (BPMN 2.0.2, 10.6.5 and 13.4.5).
 */
export const complexGateway: ElementBehavior<ComplexGatewayNode> = {
  arrive(step, token, node) {
    if (node.incoming.length <= 1) return true;
    const waiting = step.tokensAtJoin(token.scopeId, node.id);
    const resetting = step.receivedAt(token.scopeId, node.id) !== null;
    const activated = resetting ? false : isActivated(step, token, node, waiting);
    if (activated === null) return false;
    forgetAnswers(token);
    step.events.push({ kind: 'token-merged', elementId: node.id, tokenId: token.id });
    if (!activated) {
      waitAtJoin(step, token);
      return false;
    }
    const byFlow = oneAFlow(waiting).set(token.arrivedBy, token);
    step.setReceivedAt(
      token.scopeId,
      node.id,
      [...byFlow.keys()].filter((flow) => flow !== null),
    );
    byFlow.delete(token.arrivedBy);
    step.removeTokens(new Set(byFlow.values()));
    return true;
  },

  enter(step, token, node) {
    const atReset = token.result === reset;
    const chosen = chooseFlows(step, token, node, atReset);
    if (chosen === null) return;
    if (chosen.length > 0) takeFlows(step, token, node, chosen);
    else if (atReset) {
      step.events.push({ kind: 'element-completed', elementId: node.id, tokenId: token.id });
      endToken(step, token);
    } else raiseNoFlowChosen(step, token, node);
  },
};

/** Marks a token that the reset sends out. */
const reset = 'reset';

/** Null: something is asked first, or the condition failed. Without a condition it waits for a token on every flow. */
function isActivated(
  step: Step,
  token: WorkingToken,
  node: ComplexGatewayNode,
  waiting: readonly Token[],
): boolean | null {
  if (node.activation === null) return oneAFlow(waiting).set(token.arrivedBy, token).size === node.incoming.length;
  const context = contextFor(step, token, node.activation.needs);
  if (context === null) return null;
  const result = node.activation.evaluate({ ...context, locals: { activationCount: waiting.length + 1 } });
  if (result.ok) return result.value === true;
  raiseIncident(step, token, node, 'expression-failed', result);
  return null;
}

/** Flows that are chosen at the reset: their conditions say so. Every other flow is for the activation. */
const isForReset = ({ condition }: SequenceFlow): boolean =>
  condition !== null && /\bwaitingForStart\b/.test(condition.source);

function chooseFlows(
  step: Step,
  token: WorkingToken,
  node: ComplexGatewayNode,
  atReset: boolean,
): readonly ChosenFlow[] | null {
  const flows = atReset ? node.outgoing.filter(isForReset) : node.outgoing;
  const context = contextFor(step, token, mergeNeeds(flows.map(({ condition }) => condition ?? { needs: noNeeds })));
  if (context === null) return null;
  const locals = { waitingForStart: !atReset };
  const chosen: ChosenFlow[] = [];
  for (const flow of flows) {
    if (flow.isDefault) continue;
    const taken = isTaken(flow, { ...context, locals });
    if (taken.ok && taken.value === true)
      chosen.push({ flow, why: flow.condition === null ? 'unconditional' : 'condition' });
    if (taken.ok) continue;
    raiseIncident(step, token, node, 'expression-failed', taken);
    return null;
  }
  const defaultFlow = flows.find(({ isDefault }) => isDefault);
  if (defaultFlow !== undefined && !chosen.some(({ why }) => why === 'condition'))
    chosen.push({ flow: defaultFlow, why: 'default' });
  return chosen;
}

const isTaken = ({ condition }: SequenceFlow, context: EvaluationContext) =>
  condition === null ? { ok: true as const, value: true } : condition.evaluate(context);

/**
 * Resets a complex gateway that has let a token through and to which nothing more can come, if there is one. Asked when no token moves any
 * more, because a token that moves may still come.
 */
export function resetComplexGateway(step: Step): boolean {
  if (!hasComplexJoin(step.definition)) return false;
  for (const { scopeId, elementId, received } of step.allReceived()) {
    const node = step.node(elementId);
    if (node.type !== 'complex-gateway') continue;
    const waiting = step.tokensAtJoin(scopeId, elementId);
    const late = [...oneAFlow(waiting).values()].filter(({ arrivedBy }) => !received.includes(arrivedBy ?? ''));
    const arrived = new Set<string | null>([...received, ...late.map(({ arrivedBy }) => arrivedBy)]);
    if (!isAwaitingNone(step, node, scopeId, arrived)) continue;
    step.setReceivedAt(scopeId, elementId, null);
    sendReset(step, scopeId, node, late);
    // Tokens of the next round may be enough to activate it again.
    const [next] = step.tokensAtJoin(scopeId, elementId);
    if (next !== undefined) {
      const token = step.touch(next);
      step.takeWaits(token);
      step.enqueue(token, node);
    }
    return true;
  }
  return false;
}

/** Takes the tokens that came too late, and sends one out where a flow asks for it. */
function sendReset(step: Step, scopeId: string, node: ComplexGatewayNode, late: readonly Token[]): void {
  const sends = node.outgoing.some(isForReset);
  const [first] = late;
  if (!sends && first === undefined) return;
  const through = first === undefined ? step.addToken(node, scopeId, null) : step.touch(first);
  step.removeTokens(new Set(late.slice(1)));
  step.takeWaits(through);
  recordEntry(step, through, node);
  through.result = reset;
  step.enqueue(through, node);
}
