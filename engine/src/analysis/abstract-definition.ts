import type {
  BoundaryEventNode,
  Definition,
  EvaluationContext,
  Expression,
  FlowNode,
  ScopeNode,
  SequenceFlow,
  SupportedElement,
  TimerSpec,
} from '../definition.js';
import { noNeeds } from '../expressions/needs.js';

/**
 * The same graph without data: every activity is something that waits to be completed, every condition a choice that is asked
 * for by the flow's id (as a segments question), every timer due at once, every key and configuration empty. `advance` runs it as
 * it runs any definition.
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
    root: scopes.get(definition.root)!,
    nodes: new Map([...nodes.values()].map((node) => [node.id, node])),
    flows: new Map([...flows.values()].map((flow) => [flow.id, flow])),
  };
}

/** Whether a token that comes here goes on without waiting for time, people or the world. */
export function goesOnByItself(node: FlowNode): boolean {
  if (node.type === 'abstract-task' || node.type === 'script-task') return true;
  return (node.type === 'service-task' || node.type === 'business-rule-task') && node.task.kind === 'answer';
}

const activities: ReadonlySet<SupportedElement> = new Set([
  'abstract-task',
  'service-task',
  'business-rule-task',
  'send-task',
  'script-task',
  'user-task',
  'call-activity',
  'ad-hoc-subprocess',
]);

/** Throw events that only tell the world something. */
const throwing: ReadonlySet<string> = new Set(['message-throw-event', 'message-publish', 'signal-throw-event']);
const throwingAtEnd: ReadonlySet<string> = new Set(['message-end-event', 'signal-end-event']);

function abstractNode(node: FlowNode): FlowNode {
  const { id, name, scopeId, incoming, outgoing, boundaryEvents } = node;
  const nothing = { lifecycle: null, loop: null, quantity: null, data: null };
  const place = { id, name, scopeId, incoming, outgoing, boundaryEvents, ...nothing };
  if (activities.has(node.type))
    return { ...place, type: 'user-task', form: null, candidateUsers: [], candidateGroups: [] };
  if (throwing.has(node.type))
    return { ...place, type: outgoing.length === 0 ? 'none-end-event' : 'none-intermediate-throw-event' };
  if (throwingAtEnd.has(node.type)) return { ...place, type: 'none-end-event' };
  if (node.type === 'exclusive-gateway') return { ...place, type: node.type, split: null };
  if (node.type === 'subprocess') return { ...place, type: node.type, scope: node.scope };
  return { ...node, ...place };
}

/** Null where the flow is always taken. */
function choiceOf({ id, source, isDefault, condition }: SequenceFlow): Expression | null {
  const chooses = source.type === 'exclusive-gateway' && source.outgoing.length > 1;
  if (isDefault || (condition === null && !chooses)) return null;
  const choice = {
    source: id,
    needs: { profile: false, segments: [id] },
    reads: [],
    evaluate: ({ segments }: EvaluationContext) => ({
      ok: true as const,
      value: segments !== undefined && Object.hasOwn(segments, id) && segments[id] === true,
    }),
  };
  return choice;
}

/** Points the properties of a copy at copies, and replaces what is computed from data. */
function point(copy: object, copies: readonly ReadonlyMap<unknown, unknown>[]): void {
  for (const [name, value] of Object.entries(copy))
    if (!(name === 'condition' && 'isDefault' in copy))
      Object.defineProperty(copy, name, { value: pointed(value, copies), enumerable: true });
}

function pointed(value: unknown, copies: readonly ReadonlyMap<unknown, unknown>[]): unknown {
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? () => [] : value;
  for (const known of copies) {
    const copy = known.get(value);
    if (copy !== undefined) return copy;
  }
  if ('next' in value && 'needs' in value) return { ...timer, repeats: (value as TimerSpec).repeats };
  if ('evaluate' in value && 'needs' in value) return constant;
  if (Array.isArray(value)) return value.map((part: unknown) => pointed(part, copies));
  // A condition that becomes true is something that may happen at any time, as a message is.
  if ('kind' in value && value.kind === 'conditional')
    return { kind: 'message', messageName: 'condition', correlationKey: null };
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, pointed(part, copies)]));
}

const timer: TimerSpec = { needs: noNeeds, repeats: false, next: (previous) => ({ ok: true, dueAt: previous }) };
const constant = { source: '"any"', needs: noNeeds, reads: [], evaluate: () => ({ ok: true, value: 'any' }) };

/** Codes of the errors that something around the activity catches, and that its work may therefore throw. */
export function errorCodesAround(definition: Definition, node: FlowNode): readonly string[] {
  const codes = new Set<string>();
  for (let host: FlowNode | undefined = node; host !== undefined; host = definition.nodes.get(host.scopeId))
    for (const { trigger } of host.boundaryEvents) for (const code of codesOf(trigger)) codes.add(code);
  return [...codes];
}

function codesOf(trigger: BoundaryEventNode['trigger']): readonly string[] {
  return trigger.kind === 'error' ? [trigger.errorCode ?? 'any error'] : [];
}
