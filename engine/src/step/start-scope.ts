import type { FlowNode, ScopeNode } from '../definition.js';
import type { Step } from './step.js';

/** The nodes at which a scope starts when nothing else is said: its none start event and the activities and gateways that no flow leads to (BPMN 2.0.2, 13.2). */
export function startNodes(scope: ScopeNode): readonly FlowNode[] {
  return scope.noneStart === null ? scope.implicitStarts : [scope.noneStart, ...scope.implicitStarts];
}

export function startTokens(step: Step, nodes: readonly FlowNode[], scopeId: string): void {
  for (const node of nodes) step.enqueue(step.addToken(node, scopeId, null), node);
}
