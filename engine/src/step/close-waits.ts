import type { Token, Wait } from '../instance-state.js';
import { cancelRuns } from './run-loop.js';
import type { Step, WorkingToken } from './step.js';

/** Closes everything the token waits for, in the world too. */
export function closeWaits(step: Step, token: WorkingToken): void {
  if (token.waits.length === 0) return;
  for (const wait of step.takeWaits(token)) closeWait(step, wait);
}

/** Closes one wait in the world; taking it from its token is up to the caller. */
export function closeWait(step: Step, wait: Wait): void {
  switch (wait.kind) {
    case 'timer':
      step.effects.push({ kind: 'cancel-timer', timerId: wait.id });
      break;
    case 'message':
    case 'signal':
      step.effects.push({ kind: 'close-subscription', subscriptionId: wait.id });
      break;
    case 'task':
      step.effects.push({ kind: 'cancel-task', taskId: wait.id });
      break;
    case 'call':
      step.effects.push({ kind: 'cancel-instance', callId: wait.id });
      break;
    case 'incident':
      // An incident of the step's bound is shared by all tokens that it stopped.
      if (step.findWait(wait.id) === null) closeIncident(step, wait.id, 'cancelled');
      break;
    case 'children':
      cancelScope(step, wait.id);
      break;
    case 'runs':
      cancelRuns(step, wait.id);
      break;
    case 'condition':
      if (wait.watches) step.effects.push({ kind: 'close-subscription', subscriptionId: wait.id });
      break;
    case 'question':
      step.withdraw(wait.id);
      break;
    case 'data':
    case 'thrown':
    case 'join':
      break;
  }
}

/** An incident is over: `action` tells by what, for history. */
export function closeIncident(step: Step, incidentId: string, action: 'cancelled' | 'retry' | 'take-flow'): void {
  const incident = step.incidents.find(({ id }) => id === incidentId);
  if (incident === undefined) return;
  step.incidents = step.incidents.filter((other) => other !== incident);
  step.effects.push({ kind: 'resolve-incident', incidentId });
  step.events.push({ kind: 'incident-resolved', elementId: incident.elementId, incidentId, action });
}

/** Cancels the tokens of a scope and of the scopes inside it, all but `except`; the scope itself stays while it has a token. */
export function cancelTokens(step: Step, scopeId: string, except: Token | null): void {
  const cancelled = new Set<Token>();
  for (const token of step.tokensIn(scopeId)) {
    if (token === except) continue;
    const own = step.touch(token);
    cancelled.add(own);
    closeWaits(step, own);
    if (own.visit > 0 && own.phase !== 'arriving')
      step.events.push({ kind: 'element-cancelled', elementId: own.elementId, tokenId: own.id });
  }
  if (cancelled.size > 0) step.removeTokens(cancelled);
}

/** Nesting of subprocesses is bounded by the compiler, so the recursion through `closeWaits` is too. */
export function cancelScope(step: Step, scopeId: string): void {
  cancelTokens(step, scopeId, null);
  step.closeScope(scopeId);
}
