import type { Definition } from '../definition.js';
import type { FlowNode } from '../flow-node.js';
import type { Trigger } from '../trigger.js';
import { partsOf } from '../step/await-trigger.js';

/** Codes of the errors, or escalations, that something around the activity catches, and that its work may therefore throw. */
export function codesAround(definition: Definition, node: FlowNode, kind: 'error' | 'escalation'): readonly string[] {
  const codes = new Set<string>();
  for (let host: FlowNode | undefined = node; host !== undefined;) {
    const around: FlowNode | undefined = definition.nodes.get(host.scopeId);
    const { eventSubprocesses } = around && 'scope' in around ? around.scope : definition.root;
    const triggers = [
      ...host.boundaryEvents.map(({ trigger }) => trigger),
      // An event subprocess catches nothing of its own.
      ...eventSubprocesses.flatMap((one) => (one === host ? [] : (one.scope.triggeredStart?.trigger ?? []))),
    ];
    for (const trigger of triggers) for (const code of codesOf(trigger, kind)) codes.add(code);
    host = around;
  }
  return [...codes];
}

function codesOf(trigger: Trigger, kind: 'error' | 'escalation'): readonly string[] {
  return partsOf(trigger).flatMap(([part]) => {
    if (part.kind !== kind) return [];
    const code = part.kind === 'error' ? part.errorCode : part.kind === 'escalation' ? part.escalationCode : null;
    return [code ?? `any ${kind}`];
  });
}
