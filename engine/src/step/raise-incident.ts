import type { FlowNode } from '../flow-node.js';
import type { IncidentType } from '../effect.js';
import { describeNode } from './describe.js';
import { forgetAnswers } from './questions.js';
import type { Step, WorkingToken } from './step.js';

export interface Failure {
  /** Whole sentence. */
  readonly reason: string;
  /** Whole sentence. */
  readonly remedy: string;
}

/** Keeps the token where it is, in its phase, until someone resolves the incident. `node` is the element at fault: the token's, or one of its boundary events. */
export function raiseIncident(
  step: Step,
  token: WorkingToken,
  node: FlowNode,
  type: IncidentType,
  { reason, remedy }: Failure,
  choices: readonly string[] = [],
): void {
  const incident = {
    id: step.newId('incident'),
    elementId: node.id,
    type,
    reason: `At ${describeNode(node)}: ${reason}`,
    remedy,
    choices,
  };
  step.addIncident(incident);
  step.addWait(token, { kind: 'incident', id: incident.id, elementId: node.id });
  forgetAnswers(token);
  step.effects.push({ kind: 'raise-incident', incident });
  step.events.push({
    kind: 'incident-raised',
    elementId: node.id,
    incidentId: incident.id,
    type,
    reason: incident.reason,
  });
}
