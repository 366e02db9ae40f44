import type { Definition, FlowNode } from '../definition.js';
import type { StartInput } from '../input.js';
import { invariant } from '../invariant.js';
import { cancelTokens } from './close-waits.js';
import { describeWorkflow } from './describe.js';
import { startNodes, startTokens } from './start-scope.js';
import type { Step } from './step.js';

/** False when the instance has started already. */
export function startInstance(step: Step, { startEventId, variables = {} }: StartInput): boolean {
  if (step.before.scopes.length > 0) return false;
  const { definition } = step;
  const nodes = nodesToStart(definition, startEventId);
  const root = step.openScope(definition.key, null, variables);
  step.events.push({ kind: 'instance-started', variables });
  if (definition.lifecycle !== null) {
    const { stage } = definition.lifecycle;
    const reason = `The user entered workflow ${describeWorkflow(definition)}.`;
    step.changeUser(definition.key, { kind: 'stage', stage }, reason);
  }
  startTokens(step, nodes, root.id);
  return true;
}

/**
 * The start event that fired. Without one: the none start event and what no flow leads to; where there is neither, the first
 * start event, so that any workflow can be started by hand.
 */
function nodesToStart(definition: Definition, startEventId: string | undefined): readonly FlowNode[] {
  const { key, root, startEvents } = definition;
  if (startEventId === undefined) {
    const nodes = startNodes(root);
    if (nodes.length > 0) return nodes;
  }
  const chosen = startEventId === undefined ? startEvents[0] : startEvents.find(({ id }) => id === startEventId);
  invariant(chosen, `Expected a start event ${startEventId ?? ''} in workflow ${key}.`);
  const node = definition.nodes.get(chosen.id);
  invariant(node, `Expected start event ${chosen.id} among the nodes of workflow ${key}.`);
  return [node];
}

/** Closes everything that is open, and ends. False before the start: then there is nothing to cancel. */
export function cancelInstance(step: Step): boolean {
  if (step.before.scopes.length === 0) return false;
  cancelTokens(step, step.rootScope().id, null);
  step.end('cancelled');
  return true;
}
