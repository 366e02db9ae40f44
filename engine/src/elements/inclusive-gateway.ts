import type { Definition, SequenceFlow } from '../definition.js';
import type { FlowNode, PlainNode, SupportedElement } from '../flow-node.js';
import { tokensPerEntry } from '../step/bounds.js';
import { recordEntry } from '../step/record-entry.js';
import { leave } from '../step/leave.js';
import type { Step } from '../step/step.js';
import type { ElementBehavior } from './element-behavior.js';
import { oneAFlow, waitAtJoin } from './join.js';

/** Splits into every flow whose condition is true; as a join waits for exactly the tokens that can still come (BPMN 2.0.2, 13.4.3). */
export const inclusiveGateway: ElementBehavior<PlainNode> = {
  arrive(step, token, node) {
    if (node.incoming.length <= 1) return true;
    step.events.push({ kind: 'token-merged', elementId: node.id, tokenId: token.id });
    waitAtJoin(step, token);
    return false;
  },
  enter: leave,
};

/**
 * Lets a token into every inclusive join that is activated, one in a scope, because it may go on to another join of the same. False: there is
 * none. Asked when no token moves any more, because a token that moves may still come.
 */
export function fireInclusiveJoins(step: Step): boolean {
  if (!hasInclusiveJoin(step.definition)) return false;
  const seen = new Set<string>();
  const fired = new Set<string>();
  for (const token of [...step.tokens]) {
    if (token.waits[0]?.kind !== 'join' || fired.has(token.scopeId)) continue;
    const place = `${token.scopeId} ${token.elementId}`;
    if (seen.has(place)) continue;
    seen.add(place);
    const node = step.node(token.elementId);
    if (node.type !== 'inclusive-gateway') continue;
    const arrived = [...oneAFlow(step.tokensAtJoin(token.scopeId, node.id)).values()];
    if (!isAwaitingNone(step, node, token.scopeId, new Set(arrived.map(({ arrivedBy }) => arrivedBy)))) continue;
    const through = step.touch(arrived[0]!);
    step.removeTokens(new Set(arrived.slice(1)));
    step.takeWaits(through);
    recordEntry(step, through, node);
    step.enqueue(through, node);
    fired.add(token.scopeId);
  }
  // Looking at very many tokens again and again is work, too, that a step may not do without end.
  step.burst += Math.floor(step.tokenCount / tokensPerEntry);
  return fired.size > 0;
}

/**
 * A token elsewhere in the scope holds the join up when a path leads from it to an incoming flow without token, and none to
 * one with a token; paths through the join itself do not count (BPMN 2.0.2, 13.4.3). An activity may also be left by its
 * boundary events.
 */
export function isAwaitingNone(
  step: Step,
  join: FlowNode,
  scopeId: string,
  arrived: ReadonlySet<string | null>,
): boolean {
  if (join.incoming.every(({ id }) => arrived.has(id))) return true;
  let reach: Reach | null = null;
  const tokens = step.tokensIn(scopeId);
  step.burst += Math.floor(tokens.length / tokensPerEntry);
  for (const token of tokens) {
    if (token.elementId === join.id) continue;
    reach ??= reachOf(step.definition, join, arrived);
    const node = step.node(token.elementId);
    if (reach.toMissing.has(node) && !reach.toArrived.has(node)) return false;
  }
  return true;
}

interface Reach {
  readonly toMissing: ReadonlySet<FlowNode>;
  readonly toArrived: ReadonlySet<FlowNode>;
}
interface JoinAnalysis {
  readonly hasInclusiveJoin: boolean;
  readonly hasComplexJoin: boolean;
  /** By join and arrived flows. */
  readonly reaches: Map<string, Reach>;
}

/** Reaches kept for a definition: each is linear in the diagram, so that all of them are, too. */
const maxReaches = 64;
const analyses = new WeakMap<Definition, JoinAnalysis>();

function analysisOf(definition: Definition): JoinAnalysis {
  let analysis = analyses.get(definition);
  if (analysis === undefined) {
    const nodes = [...definition.nodes.values()];
    const joins = (wanted: SupportedElement) =>
      nodes.some(({ type, incoming }) => type === wanted && incoming.length > 1);
    analysis = {
      hasInclusiveJoin: joins('inclusive-gateway'),
      hasComplexJoin: joins('complex-gateway'),
      reaches: new Map(),
    };
    analyses.set(definition, analysis);
  }
  return analysis;
}

const hasInclusiveJoin = (definition: Definition) => analysisOf(definition).hasInclusiveJoin;
export const hasComplexJoin = (definition: Definition): boolean => analysisOf(definition).hasComplexJoin;

function reachOf(definition: Definition, join: FlowNode, arrived: ReadonlySet<string | null>): Reach {
  const { reaches } = analysisOf(definition);
  const pattern = JSON.stringify([join.id, join.incoming.map(({ id }) => (arrived.has(id) ? 1 : 0)).join('')]);
  let reach = reaches.get(pattern);
  if (reach === undefined) {
    reach = {
      toMissing: nodesLeadingTo(
        definition,
        join,
        join.incoming.filter(({ id }) => !arrived.has(id)),
      ),
      toArrived: nodesLeadingTo(
        definition,
        join,
        join.incoming.filter(({ id }) => arrived.has(id)),
      ),
    };
    const oldest = reaches.keys().next();
    if (reaches.size >= maxReaches && !oldest.done) reaches.delete(oldest.value);
    reaches.set(pattern, reach);
  }
  return reach;
}

/** All nodes from which a path leads to one of the flows without visiting the join. */
function nodesLeadingTo(definition: Definition, join: FlowNode, flows: readonly SequenceFlow[]): ReadonlySet<FlowNode> {
  const found = new Set<FlowNode>();
  const add = (node: FlowNode) => {
    if (node !== join) found.add(node);
  };
  for (const { source } of flows) add(source);
  // A Set hands out what is added while it is walked.
  for (const node of found) {
    for (const { source } of node.incoming) add(source);
    const host = node.type === 'boundary-event' ? definition.nodes.get(node.attachedTo) : undefined;
    if (host !== undefined) add(host);
  }
  return found;
}
