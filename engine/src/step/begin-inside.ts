import type { FlowNode } from '../flow-node.js';
import { maxTokens } from './bounds.js';
import { raiseTokenBound } from './leave.js';
import { recordEntry } from './record-entry.js';
import { startTokens } from './start-scope.js';
import type { Step, WorkingToken } from './step.js';

/**
 * A subprocess begins: at the elements that someone has asked for (`token.startAt`), else at `starts`. What waits for events begins to
 * wait in either case.
 */
export function beginScope(step: Step, token: WorkingToken, scopeId: string, starts: readonly FlowNode[]): void {
  const { startAt } = token;
  startTokens(step, startAt === undefined ? starts : [], scopeId);
  if (startAt === undefined) return;
  delete token.startAt;
  for (const [node, inside] of childrenTowards(step, token.elementId, startAt))
    enterDirectly(step, node, scopeId, inside);
}

/** A new token enters the element, without waiting for others where it is a join. `inside`: where a subprocess begins; none: as drawn. */
export function enterDirectly(step: Step, node: FlowNode, scopeId: string, inside: readonly string[]): void {
  const full = step.tokenCount >= maxTokens;
  const token = step.addToken(node, scopeId, null);
  if (inside.length > 0) token.startAt = inside;
  if (full) {
    raiseTokenBound(step, token, node);
    return;
  }
  recordEntry(step, token, node);
  step.enqueue(token, node);
}

/** The elements of a container that lead to the targets inside of it: themselves, or subprocesses around them, each with those in it. */
function childrenTowards(
  step: Step,
  containerId: string,
  targets: readonly string[],
): readonly (readonly [node: FlowNode, inside: readonly string[]])[] {
  const itself: [FlowNode, string[]][] = [];
  const around = new Map<FlowNode, string[]>();
  for (const id of targets) {
    const target = step.node(id);
    let child = target;
    while (child.scopeId !== containerId) child = step.node(child.scopeId);
    if (child === target) itself.push([child, []]);
    else around.set(child, [...(around.get(child) ?? []), id]);
  }
  return [...itself, ...around];
}
