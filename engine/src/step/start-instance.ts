import type { Definition } from '../definition.js';
import type { FlowNode } from '../flow-node.js';
import type { StartInput } from '../input.js';
import { invariant } from '../invariant.js';
import { triggerOf } from './await-trigger.js';
import { cancelTokens } from './close-waits.js';
import { describeWorkflow } from './describe.js';
import { startLeaving } from './leave.js';
import { recordEntry } from './record-entry.js';
import { startNodes, startTokens } from './start-scope.js';
import type { Step } from './step.js';

/** False when the instance has started already. */
export function startInstance(step: Step, { startEventId, startEventPart, variables = {} }: StartInput): boolean {
  if (step.before.scopes.length > 0) return false;
  const { definition } = step;
  const nodes = nodesToStart(definition, startEventId);
  const [happened] = nodes;
  const root = step.openScope(definition.key, null, variables);
  step.events.push({ kind: 'instance-started', variables });
  if (definition.lifecycle !== null) {
    const { stage } = definition.lifecycle;
    const reason = `The user entered workflow ${describeWorkflow(definition)}.`;
    step.changeUser(definition.key, { kind: 'stage', stage }, reason);
  }
  if (happened?.type === 'multiple-start-event' && happened.trigger.all && startEventPart !== undefined) {
    startTokens(step, [], root.id);
    const token = step.addToken(happened, root.id, null);
    token.startedBy = startEventPart;
    step.enqueue(token, happened);
  } else if (happened !== undefined && startEventId !== undefined && beginsBehind(happened)) {
    startTokens(step, [], root.id);
    startByEvent(step, happened, startEventPart, root.id);
  } else startTokens(step, nodes, root.id);
  return true;
}

/** Whether it is no start event. */
const beginsBehind = (node: FlowNode): boolean => node.type !== 'multiple-start-event' && triggerOf(node) !== null;

/**
 * An instantiating receive task, or an event behind an instantiating gateway, has happened before the instance was there: its token
 * enters it only to leave it. The other events behind a parallel gateway are waited for from now on (BPMN 2.0.2, 10.6.6 and 13.4.4).
 */
function startByEvent(step: Step, node: FlowNode, part: number | undefined, scopeId: string): void {
  const flow = node.incoming[0];
  const gateway = flow?.source;
  const token = step.addToken(gateway ?? node, scopeId, null);
  if (flow !== undefined && gateway?.type === 'event-based-gateway') {
    recordEntry(step, token, gateway);
    step.events.push({ kind: 'element-completed', elementId: gateway.id, tokenId: token.id });
    const others = gateway.parallel ? gateway.outgoing.filter((other) => other !== flow) : [];
    for (const taken of [flow, ...others]) step.events.push({ kind: 'flow-taken', flowId: taken.id, why: 'event' });
    for (const other of others) step.enqueue(step.addToken(other.target, scopeId, other), other.target);
    if (part !== undefined) {
      // It waits for the others of a parallel multiple event.
      token.startedBy = part;
      step.send(token, node, flow);
      return;
    }
  }
  recordEntry(step, token, node);
  startLeaving(step, token);
  step.enqueue(token, node);
}

/**
 * The start event that fired, or the none start event that was chosen. Without one: the only none start event and what no flow leads to;
 * where there is neither, the first start event, so that any workflow can be started by hand.
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
