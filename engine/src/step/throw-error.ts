import type { BoundaryEventNode, FlowNode } from '../definition.js';
import { cancelTokens, closeWaits } from './close-waits.js';
import type { Step, WorkingToken } from './step.js';

export interface ThrownError {
  readonly code: string;
  readonly message?: string;
}

/** An activity threw an error: its own boundary events are asked first, then those around it. False: nothing caught it, and nothing has changed. */
export function throwFromActivity(step: Step, token: WorkingToken, node: FlowNode, { code }: ThrownError): boolean {
  const caught = findHandler(step, token, node, code);
  step.events.push({ kind: 'error-thrown', elementId: node.id, code, caughtBy: caught?.handler.id ?? null });
  if (caught === null) return false;
  interrupt(step, caught.host, caught.handler);
  return true;
}

/** An error leaves a scope: caught around it, else the instance ends with outcome `error`, which a caller may catch. */
export function throwFromScope(step: Step, scopeId: string, thrower: FlowNode, error: ThrownError): void {
  const { parentTokenId } = step.scope(scopeId);
  const parent = parentTokenId === null ? null : step.tokenById(parentTokenId);
  const caught = parent === null ? null : findHandler(step, parent, step.node(parent.elementId), error.code);
  step.events.push({
    kind: 'error-thrown',
    elementId: thrower.id,
    code: error.code,
    caughtBy: caught?.handler.id ?? null,
  });
  if (caught === null) endWithError(step, error);
  else interrupt(step, caught.host, caught.handler);
}

/** Nothing in the instance catches the error: everything is cancelled and the caller, if there is one, gets the error. */
export function endWithError(step: Step, error: ThrownError): void {
  cancelTokens(step, step.rootScope().id, null);
  step.end('error', error);
}

/** The nearest handler outwards from the activity; of one activity's, that with the error's code before that for every code (BPMN 2.0.2, 10.5.6). */
function findHandler(
  step: Step,
  token: WorkingToken,
  node: FlowNode,
  code: string,
): { readonly host: WorkingToken; readonly handler: BoundaryEventNode } | null {
  let host = token;
  let hostNode = node;
  for (;;) {
    const scope = step.scope(host.scopeId);
    // What one run of an activity throws is caught around all of its runs.
    if (scope.loopCounter !== undefined && scope.parentTokenId !== null) host = step.tokenById(scope.parentTokenId);
    const handlers = hostNode.boundaryEvents.filter(({ trigger }) => trigger.kind === 'error');
    const catching = (errorCode: string | null) =>
      handlers.find(({ trigger }) => trigger.kind === 'error' && trigger.errorCode === errorCode);
    const handler = catching(code) ?? catching(null);
    if (handler !== undefined) return { host, handler };
    const { parentTokenId } = step.scope(host.scopeId);
    if (parentTokenId === null) return null;
    host = step.tokenById(parentTokenId);
    hostNode = step.node(host.elementId);
  }
}

/** Cancels the activity with everything inside it; its token goes on at the boundary event. */
export function interrupt(step: Step, host: WorkingToken, handler: BoundaryEventNode): void {
  closeWaits(step, host);
  step.events.push({ kind: 'element-cancelled', elementId: host.elementId, tokenId: host.id });
  host.result = null;
  step.send(host, handler, null);
}
