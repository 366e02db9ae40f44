import type { SequenceFlow } from '../definition.js';
import type { ExclusiveGatewayNode } from '../flow-node.js';
import { mergeNeeds } from '../expressions/needs.js';
import { raiseNoFlowChosen, takeFlow, takeFlows } from '../step/leave.js';
import { contextFor } from '../step/questions.js';
import { raiseIncident } from '../step/raise-incident.js';
import type { Step, WorkingToken } from '../step/step.js';
import { stableFraction } from '../stable-fraction.js';
import type { ElementBehavior } from './element-behavior.js';

/** The first flow whose condition is true, in the order of the diagram, else the default flow (BPMN 2.0.2, 13.4.2); or a stable random arm. */
export const exclusiveGateway: ElementBehavior<ExclusiveGatewayNode> = {
  enter(step, token, node) {
    const { outgoing, split } = node;
    const only = outgoing[0];
    if (split !== null && only !== undefined) takeArm(step, token, node, split.experiment);
    else if (outgoing.length === 1 && only!.condition === null) takeFlow(step, token, node, only!, 'unconditional');
    else if (only === undefined) takeFlows(step, token, node, []);
    else takeFirstTrue(step, token, node);
  },
};

function takeFirstTrue(step: Step, token: WorkingToken, node: ExclusiveGatewayNode): void {
  const conditions = node.outgoing.flatMap(({ condition }) => (condition === null ? [] : [condition]));
  const context = contextFor(step, token, mergeNeeds(conditions));
  if (context === null) return;
  for (const flow of node.outgoing) {
    if (flow.condition === null || flow.isDefault) continue;
    const result = flow.condition.evaluate(context);
    if (!result.ok) {
      raiseIncident(step, token, node, 'expression-failed', result);
      return;
    }
    if (result.value === true) {
      takeFlow(step, token, node, flow, 'condition');
      return;
    }
  }
  const defaultFlow = node.outgoing.find(({ isDefault }) => isDefault);
  if (defaultFlow !== undefined) takeFlow(step, token, node, defaultFlow, 'default');
  else raiseNoFlowChosen(step, token, node);
}

/** Each arm gets its share of [0, 1), in the order of the diagram; the subject's fraction for this experiment falls into one of them. */
function takeArm(step: Step, token: WorkingToken, node: ExclusiveGatewayNode, experiment: string): void {
  const weightOf = ({ weight }: SequenceFlow) => weight?.value ?? 1;
  const total = node.outgoing.reduce((sum, flow) => sum + weightOf(flow), 0);
  let rest = stableFraction(JSON.stringify([experiment, step.before.subjectId])) * total;
  const arm = node.outgoing.find((flow) => (rest -= weightOf(flow)) < 0);
  if (arm === undefined) {
    raiseNoFlowChosen(step, token, node);
    return;
  }
  const holdout = arm.weight?.holdout ?? false;
  step.events.push({ kind: 'arm-chosen', elementId: node.id, experiment, flowId: arm.id, holdout });
  takeFlow(step, token, node, arm, 'arm');
}
