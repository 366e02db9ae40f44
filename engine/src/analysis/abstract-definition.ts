import type { Definition, ScopeNode, SequenceFlow } from '../definition.js';
import type { Expression } from '../expression.js';
import type { AdHocSubprocessNode, ComplexGatewayNode, FlowNode, SupportedElement } from '../flow-node.js';
import type { LoopSpec } from '../loop-spec.js';
import type { TimerSpec } from '../timer-spec.js';
import { noNeeds } from '../expressions/needs.js';
import { beginning, constantOf, holds, isChoice, runsOf, takesFlow } from './choices.js';

/**
 * The same graph without data: work is something that waits to be completed, every condition a choice, every timer due at once, every key
 * and configuration empty. `advance` runs it as it runs any definition.
 */
export function abstractDefinition(definition: Definition): Definition {
  const scopes = new Map<ScopeNode, ScopeNode>();
  const nodes = new Map<FlowNode, FlowNode>();
  const flows = new Map<SequenceFlow, SequenceFlow>();
  const copies: ReadonlyMap<unknown, unknown>[] = [scopes, nodes, flows];

  // Cyclic: all copies are made first, and filled with the others then.
  scopes.set(definition.root, { ...definition.root });
  for (const node of definition.nodes.values()) {
    nodes.set(node, { ...abstractNode(node) });
    if ('scope' in node) scopes.set(node.scope, { ...node.scope });
  }
  // Links too, which are no flows of the diagram.
  for (const { outgoing } of definition.nodes.values())
    for (const flow of outgoing) flows.set(flow, { ...flow, condition: choiceOf(flow), weight: null });
  for (const copy of [...scopes.values(), ...nodes.values(), ...flows.values()]) point(copy, copies);

  return {
    ...definition,
    lifecycle: null,
    frequencyCap: null,
    searchable: [],
    root: scopes.get(definition.root)!,
    nodes: new Map([...nodes.values()].map((node) => [node.id, node])),
    flows: new Map([...flows.values()].map((flow) => [flow.id, flow])),
  };
}

/** Whether a token that comes here goes on without waiting for time, people or the world. */
export function goesOnByItself(node: FlowNode): boolean {
  if (node.type === 'abstract-task' || node.type === 'script-task' || node.type === 'decision-task') return true;
  return (node.type === 'service-task' || node.type === 'business-rule-task') && node.task.kind === 'answer';
}

const activities: ReadonlySet<SupportedElement> = new Set([
  'abstract-task',
  'service-task',
  'business-rule-task',
  'decision-task',
  'send-task',
  'script-task',
  'user-task',
]);

/** Throw events that only tell the world something. */
const throwing: ReadonlySet<string> = new Set(['message-throw-event', 'message-publish', 'signal-throw-event']);
const throwingAtEnd: ReadonlySet<string> = new Set(['message-end-event', 'signal-end-event']);

function abstractNode(node: FlowNode): FlowNode {
  const { id, name, scopeId, incoming, outgoing, boundaryEvents, quantity } = node;
  const place = { id, name, scopeId, incoming, outgoing, boundaryEvents, quantity };
  const bare = { ...place, lifecycle: null, lane: null, data: null, loop: node.loop && abstractLoop(node.loop) };
  if (activities.has(node.type))
    return { ...bare, type: 'user-task', form: null, candidateUsers: [], candidateGroups: [] };
  if (throwing.has(node.type))
    return { ...bare, type: outgoing.length === 0 ? 'none-end-event' : 'none-intermediate-throw-event' };
  if (throwingAtEnd.has(node.type)) return { ...bare, type: 'none-end-event' };
  switch (node.type) {
    case 'exclusive-gateway':
      return { ...node, ...bare, split: null };
    case 'call-activity':
      return { ...node, ...bare, inputs: [], outputs: [], passesAll: false, returnsAll: false };
    case 'complex-gateway':
      return { ...node, ...bare, activation: activationOf(node) };
    case 'ad-hoc-subprocess':
      return { ...node, ...bare, completion: node.completion && holds('complete'), initial: initialOf(node) };
    default:
      return { ...node, ...bare };
  }
}

function abstractLoop(loop: LoopSpec): LoopSpec {
  if (loop.kind === 'standard') return { ...loop, maximum: null, condition: holds('repeat') };
  return {
    kind: loop.kind,
    cardinality: runsOf(loop.collection === null ? loop.cardinality : null),
    collection: null,
    item: null,
    output: null,
    completion: loop.completion && holds('complete'),
    throws: loop.throws.map(({ when, thrown }) => ({ when: typeof when === 'string' ? when : holds('throw'), thrown })),
  };
}

/** A condition that only counts the tokens is no matter of data. */
function activationOf({ activation }: ComplexGatewayNode): Expression | null {
  if (activation === null) return null;
  return activation.reads.every((name) => name === 'activationCount') ? { ...activation } : holds('activate');
}

function initialOf({ initial, scope }: AdHocSubprocessNode): Expression | null {
  if (initial === null) return null;
  return Array.isArray(constantOf(initial)) ? { ...initial } : beginning(scope.implicitStarts.map(({ id }) => id));
}

/** Null where the flow is always taken. */
function choiceOf({ id, source, isDefault, condition }: SequenceFlow): Expression | null {
  const chooses = source.type === 'exclusive-gateway' && source.outgoing.length > 1;
  return isDefault || (condition === null && !chooses) ? null : takesFlow(id, condition?.source ?? '');
}

/** Points the properties of a copy at copies, and replaces what is computed from data. */
function point(copy: object, copies: readonly ReadonlyMap<unknown, unknown>[]): void {
  const isFlow = 'isDefault' in copy;
  for (const [name, value] of Object.entries(copy))
    if (!(isFlow && name === 'condition') && !(name === 'activation' || name === 'initial'))
      Object.defineProperty(copy, name, { value: pointed(value, copies), enumerable: true });
}

function pointed(value: unknown, copies: readonly ReadonlyMap<unknown, unknown>[]): unknown {
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? () => [] : value;
  for (const known of copies) {
    const copy = known.get(value);
    if (copy !== undefined) return copy;
  }
  if (isChoice(value)) return value;
  if ('next' in value && 'needs' in value) return { ...timer, repeats: (value as TimerSpec).repeats };
  if ('evaluate' in value && 'needs' in value) return constant;
  if (Array.isArray(value)) return value.map((part: unknown) => pointed(part, copies));
  // A condition that becomes true is something that may happen at any time, as a message is.
  if ('kind' in value && value.kind === 'conditional')
    return { kind: 'message', messageName: 'condition', correlationKey: null };
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, pointed(part, copies)]));
}

const timer: TimerSpec = {
  needs: noNeeds,
  repeats: false,
  next: (previous, count) => ({ ok: true, dueAt: previous, count }),
};
const constant = { source: '"any"', needs: noNeeds, reads: [], evaluate: () => ({ ok: true, value: 'any' }) };
