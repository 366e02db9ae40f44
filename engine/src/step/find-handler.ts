import type { BoundaryEventNode, EventSubprocessNode, FlowNode } from '../flow-node.js';
import type { SingleTrigger, Trigger } from '../trigger.js';
import type { Token, Wait } from '../instance-state.js';
import { isParallel, partsOf } from './await-trigger.js';
import { scopeNodeOf } from './start-scope.js';
import type { Step, WorkingToken } from './step.js';

/** What catches an error or an escalation. */
export type Handler =
  | { readonly kind: 'boundary'; readonly host: WorkingToken; readonly node: BoundaryEventNode }
  | { readonly kind: 'event-subprocess'; readonly scopeId: string; readonly node: EventSubprocessNode }
  /** A parallel multiple event, which waits for more than this. */
  | {
      readonly kind: 'in-part';
      readonly node: BoundaryEventNode | EventSubprocessNode;
      readonly token: Token;
      readonly wait: Wait;
    };

/**
 * The nearest handler outwards: the boundary events of the activity where it is thrown from one, the event subprocesses of the scope,
 * the boundary events of the subprocess, and so on. Of those of one place, that with the code comes before that for every code
 * (BPMN 2.0.2, 10.5.6 and 13.5.4). To a parallel multiple event an escalation may come at any time; an error ends what it comes from,
 * so it must be the last that the event waits for.
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
    const boundary = host && host.token.phase !== 'compensating' ? handlingBoundary(host, kind, code) : null;
    if (boundary) return boundary;
    const subprocess = handlingSubprocess(step, scopeId, host?.node ?? null, kind, code);
    if (subprocess) return subprocess;
    const { parentTokenId } = step.scope(scopeId);
    if (parentTokenId === null) return null;
    const token = step.tokenById(parentTokenId);
    host = { token, node: step.node(token.elementId) };
    scopeId = token.scopeId;
  }
}

export function isInterrupting({ kind, node }: Handler): boolean {
  if (kind === 'in-part') return false;
  return node.type === 'boundary-event' ? node.interrupting : (node.scope.triggeredStart?.interrupting ?? true);
}

function handlingBoundary(
  { token, node: { boundaryEvents } }: { readonly token: WorkingToken; readonly node: FlowNode },
  kind: 'error' | 'escalation',
  code: string,
): Handler | null {
  const node = matching(
    boundaryEvents,
    ({ trigger }) => trigger,
    kind,
    code,
    ({ id, trigger }) => partAwaited(token, id, trigger, kind, code),
  );
  if (node === null) return null;
  const wait = partAwaited(token, node.id, node.trigger, kind, code);
  return wait && !isLast(token, wait)
    ? { kind: 'in-part', node, token, wait }
    : { kind: 'boundary', host: token, node };
}

/** The wait of a parallel multiple event for what is thrown; null: it has it already, or an error that came too early. */
function partAwaited(
  token: Token,
  elementId: string,
  trigger: Trigger,
  kind: 'error' | 'escalation',
  code: string,
): Wait | null {
  const parts = partsOf(trigger);
  const catches = (wait: Wait): boolean => {
    const part = wait.kind === 'thrown' && wait.elementId === elementId ? parts[wait.part]?.[0] : undefined;
    return part !== undefined && (codeOf(part, kind) === code || codeOf(part, kind) === null);
  };
  const wait = token.waits.find(catches) ?? null;
  return wait && (kind === 'escalation' || isLast(token, wait)) ? wait : null;
}

const isLast = (token: Token, wait: Wait): boolean =>
  !token.waits.some((other) => other !== wait && other.elementId === wait.elementId && other.kind !== 'incident');

/** The code that the event definition catches, null for all; undefined: it catches no such thing. */
function codeOf(part: SingleTrigger, kind: 'error' | 'escalation'): string | null | undefined {
  if (part.kind === 'error' && kind === 'error') return part.errorCode;
  return part.kind === 'escalation' && kind === 'escalation' ? part.escalationCode : undefined;
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
): Handler | null {
  const { eventSubprocesses } = scopeNodeOf(step, scopeId);
  if (eventSubprocesses.length === 0) return null;
  const awaited = (node: EventSubprocessNode): Wait | null => {
    const token = listenerOf(step, scopeId, node);
    const start = node.scope.triggeredStart;
    return token && start && partAwaited(token, start.id, start.trigger, kind, code);
  };
  const found = matching(
    eventSubprocesses.filter((one) => one !== thrower),
    ({ scope }) => scope.triggeredStart?.trigger ?? null,
    kind,
    code,
    awaited,
  );
  if (found === null) return null;
  const interrupted = step.tokensIn(scopeId).some(({ elementId, phase }) => {
    const node = phase === 'listening' ? null : step.node(elementId);
    return node?.type === 'event-subprocess' && node.scope.triggeredStart?.interrupting === true;
  });
  if (interrupted) return null;
  const wait = awaited(found);
  const token = wait && listenerOf(step, scopeId, found);
  return token && wait && !isLast(token, wait)
    ? { kind: 'in-part', node: found, token, wait }
    : { kind: 'event-subprocess', scopeId, node: found };
}

/** The token that waits for the start of an event subprocess. */
export function listenerOf(step: Step, scopeId: string, { id }: EventSubprocessNode): Token | null {
  return step.tokensIn(scopeId).find(({ elementId, phase }) => phase === 'listening' && elementId === id) ?? null;
}

function matching<Node>(
  nodes: readonly Node[],
  triggerOf: (node: Node) => Trigger | null,
  kind: 'error' | 'escalation',
  code: string,
  awaitedBy: (node: Node) => Wait | null,
): Node | null {
  const catching = (wanted: string | null) =>
    nodes.find((node) => {
      const trigger = triggerOf(node);
      return (
        trigger !== null &&
        partsOf(trigger).some(([part]) => codeOf(part, kind) === wanted) &&
        (!isParallel(trigger) || awaitedBy(node) !== null)
      );
    });
  return catching(code) ?? catching(null) ?? null;
}
