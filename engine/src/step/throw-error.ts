import type { FlowNode } from '../flow-node.js';
import { cancelTokens } from './close-waits.js';
import { findHandler } from './find-handler.js';
import { handle } from './handle.js';
import type { Step, WorkingToken } from './step.js';

export interface ThrownError {
  readonly code: string;
  readonly message?: string;
}

/** An activity threw an error: its own boundary events are asked first, then what is around it. False: nothing caught it, and nothing has changed. */
export function throwFromActivity(step: Step, token: WorkingToken, node: FlowNode, { code }: ThrownError): boolean {
  const handler = findHandler(step, { token, node }, 'error', code);
  step.events.push({ kind: 'error-thrown', elementId: node.id, code, caughtBy: handler?.node.id ?? null });
  if (handler === null) return false;
  handle(step, handler);
  return true;
}

/** An error is thrown in a scope: caught there or around it, else the instance ends with outcome `error`, which a caller may catch. */
export function throwFromScope(step: Step, scopeId: string, thrower: FlowNode, error: ThrownError): void {
  const handler = findHandler(step, { scopeId }, 'error', error.code);
  step.events.push({
    kind: 'error-thrown',
    elementId: thrower.id,
    code: error.code,
    caughtBy: handler?.node.id ?? null,
  });
  if (handler === null) endWithError(step, error);
  else handle(step, handler);
}

/** Nothing in the instance catches the error: everything is cancelled and the caller, if there is one, gets the error. */
export function endWithError(step: Step, error: ThrownError): void {
  cancelTokens(step, step.rootScope().id, null);
  step.end('error', error);
}
