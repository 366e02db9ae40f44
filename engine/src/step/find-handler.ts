import type { BoundaryEventNode, EventSubprocessNode, FlowNode, Trigger } from '../definition.js';
import { partsOf } from './await-trigger.js';
import { scopeNodeOf } from './start-scope.js';
import type { Step, WorkingToken } from './step.js';

/** What catches an error or an escalation. */
export type Handler =
  | { readonly kind: 'boundary'; readonly host: WorkingToken; readonly node: BoundaryEventNode }
  | { readonly kind: 'event-subprocess'; readonly scopeId: string; readonly node: EventSubprocessNode };

/**
 * The nearest handler outwards: the boundary events of the activity where it is thrown from one, the event subprocesses of the scope,
 * the boundary events of the subprocess, and so on. Of those of one place, that with the code comes before that for every code
 * (BPMN 2.0.2, 10.5.6 and 13.5.4).
 */
export function findHandler(
  step: Step,
  from: { readonly token: WorkingToken; readonly node: FlowNode } | { readonly scopeId: string },
  kind: 'error' | 'escalation',
  code: string,
): Handler | null {
  let host = 'token' in from ? from : null;
  let scopeId = 'token' in from ? from.token.scopeId : from.scopeId;
  for (;;) {
    const scope = step.scope(scopeId);
    // What one run of an activity throws is caught around all of its runs.
    if (scope.loopCounter !== undefined && scope.parentTokenId !== null) {
      const token = step.tokenById(scope.parentTokenId);
      host = { token, node: step.node(token.elementId) };
      scopeId = token.scopeId;
    }
    const boundary =
      host &&
      host.token.phase !== 'compensating' &&
      matching(host.node.boundaryEvents, ({ trigger }) => trigger, kind, code);
    if (host && boundary) return { kind: 'boundary', host: host.token, node: boundary };
    const node = handlingSubprocess(step, scopeId, host?.node ?? null, kind, code);
    if (node) return { kind: 'event-subprocess', scopeId, node };
    const { parentTokenId } = step.scope(scopeId);
    if (parentTokenId === null) return null;
    const token = step.tokenById(parentTokenId);
    host = { token, node: step.node(token.elementId) };
    scopeId = token.scopeId;
  }
}

export function isInterrupting({ node }: Handler): boolean {
  return node.type === 'boundary-event' ? node.interrupting : (node.scope.triggeredStart?.interrupting ?? true);
}

/**
 * A scope that an event subprocess has interrupted starts no other: what fails in that one goes on outwards. Nor does an event
 * subprocess start again by what it throws itself.
 */
function handlingSubprocess(
  step: Step,
  scopeId: string,
  thrower: FlowNode | null,
  kind: 'error' | 'escalation',
  code: string,
): EventSubprocessNode | null {
  const { eventSubprocesses } = scopeNodeOf(step, scopeId);
  if (eventSubprocesses.length === 0) return null;
  const found = matching(
    eventSubprocesses.filter((one) => one !== thrower),
    ({ scope }) => scope.triggeredStart?.trigger ?? null,
    kind,
    code,
  );
  if (found === null) return null;
  const interrupted = step.tokensIn(scopeId).some(({ elementId, phase }) => {
    const node = phase === 'listening' ? null : step.node(elementId);
    return node?.type === 'event-subprocess' && node.scope.triggeredStart?.interrupting === true;
  });
  return interrupted ? null : found;
}

function matching<Node>(
  nodes: readonly Node[],
  triggerOf: (node: Node) => Trigger | null,
  kind: 'error' | 'escalation',
  code: string,
): Node | null {
  const catching = (wanted: string | null) =>
    nodes.find((node) => {
      const trigger = triggerOf(node);
      return (
        trigger !== null &&
        partsOf(trigger).some(
          ([part]) =>
            (part.kind === 'error' && kind === 'error' && part.errorCode === wanted) ||
            (part.kind === 'escalation' && kind === 'escalation' && part.escalationCode === wanted),
        )
      );
    });
  return catching(code) ?? catching(null) ?? null;
}
