import type { IncidentResolvedInput } from '../input.js';
import { invariant } from '../invariant.js';
import { closeIncident } from './close-waits.js';
import { takeFlows } from './leave.js';
import type { Step, WorkingToken } from './step.js';

/** False, and nothing has changed, when the incident is not open or the flow is none of its choices. */
export function resolveIncident(step: Step, { incidentId, resolution, variables }: IncidentResolvedInput): boolean {
  const incident = step.incidents.find(({ id }) => id === incidentId);
  if (incident === undefined) return false;
  if (resolution.action === 'take-flow' && !incident.choices.includes(resolution.flowId)) return false;
  // More than one where the bound of a step stopped them together.
  const stopped = step.tokensWaitingFor(incidentId).map((token) => step.touch(token));
  const [first] = stopped;
  invariant(first, `Expected a token at incident ${incidentId}.`);
  for (const token of stopped) for (const wait of token.waits) if (wait.id === incidentId) step.dropWait(token, wait);
  closeIncident(step, incidentId, resolution.action);
  if (variables !== undefined) step.setVariables(incident.elementId, first.scopeId, variables);
  if (resolution.action === 'retry') for (const token of stopped) takeUpAgain(step, token);
  else {
    const flow = step.definition.flows.get(resolution.flowId);
    invariant(flow, `Expected sequence flow ${resolution.flowId} in workflow ${step.definition.key}.`);
    takeFlows(step, first, step.node(first.elementId), [{ flow, why: 'chosen' }]);
  }
  return true;
}

/** An element whose work is still under way has no need to be done again: then it was one of its boundary events that failed. */
function takeUpAgain(step: Step, token: WorkingToken): void {
  const underWay = token.waits.some(({ kind, elementId }) => kind !== 'incident' && elementId === token.elementId);
  // What comes into it may have been what was wrong.
  if (!underWay && token.phase === 'entered') delete token.locals;
  if (!underWay || token.phase !== 'entered' || token.toArm !== undefined)
    step.enqueue(token, step.node(token.elementId));
}
