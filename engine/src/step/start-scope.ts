import type { ScopeNode } from '../definition.js';
import type { FlowNode } from '../flow-node.js';
import { invariant } from '../invariant.js';
import type { Json, Variables } from '../json.js';
import { isAwaited } from './await-trigger.js';
import type { Step, WorkingToken } from './step.js';

/** The nodes at which a scope starts when nothing else is said: its none start event, and the activities and gateways that no flow leads to (BPMN 2.0.2, 13.2). */
export function startNodes(scope: ScopeNode): readonly FlowNode[] {
  const { noneStarts, implicitStarts } = scope;
  invariant(noneStarts.length < 2, `Expected to be told at which of its none start events ${scope.id} begins.`);
  return noneStarts.length === 0 ? implicitStarts : [...noneStarts, ...implicitStarts];
}

/** Opens the scope of a subprocess, which takes over the variables that the token has for it, and lets the token wait for its end. */
export function openSubprocess(
  step: Step,
  token: WorkingToken,
  { id: elementId, scope }: { readonly id: string; readonly scope: ScopeNode },
): string {
  const declared: Variables = Object.fromEntries(scope.declared.map((name): [string, Json] => [name, null]));
  const { id } = step.openScope(elementId, token.id, { ...declared, ...token.locals });
  if (token.locals !== undefined) token.locals = {};
  step.addWait(token, { kind: 'children', id, elementId });
  return id;
}

/** The event subprocesses of the scope begin to wait, and then tokens start at the nodes. */
export function startTokens(step: Step, nodes: readonly FlowNode[], scopeId: string): void {
  for (const node of scopeNodeOf(step, scopeId).eventSubprocesses) {
    if (node.scope.triggeredStart === null || !isAwaited(node.scope.triggeredStart.trigger)) continue;
    const token = step.addToken(node, scopeId, null);
    token.phase = 'listening';
    step.enqueue(token, node);
  }
  for (const node of nodes) step.enqueue(step.addToken(node, scopeId, null), node);
}

/** What a running scope is in the diagram. */
export function scopeNodeOf(step: Step, scopeId: string): ScopeNode {
  const { elementId, parentTokenId } = step.scope(scopeId);
  if (parentTokenId === null) return step.definition.root;
  // Where something is compensated, nothing of what is around it is done again.
  if (step.seeToken(parentTokenId).phase === 'compensating') return bare;
  const node = step.node(elementId);
  invariant('scope' in node, `Expected that ${node.type} ${node.id} contains a scope.`);
  return node.scope;
}

/** Whether anything in the scope runs; what waits for the start of an event subprocess does not keep it alive. */
export function isRunning(step: Step, scopeId: string): boolean {
  const { eventSubprocesses } = scopeNodeOf(step, scopeId);
  if (eventSubprocesses.length === 0) return step.hasTokens(scopeId);
  // One token at most listens for each.
  if (step.countTokens(scopeId) > eventSubprocesses.length) return true;
  return step.tokensIn(scopeId).some(({ phase }) => phase !== 'listening');
}

const bare: ScopeNode = Object.freeze({
  id: '',
  noneStarts: [],
  implicitStarts: [],
  nodes: [],
  eventSubprocesses: [],
  triggeredStart: null,
  declared: [],
});
