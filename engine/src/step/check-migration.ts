import type { Definition, ScopeNode, SequenceFlow } from '../definition.js';
import type { FlowNode } from '../flow-node.js';
import type { Trigger } from '../trigger.js';
import type { ElementPair, MigrationPlan } from '../input.js';
import type { Compensable, InstanceState, Scope, Token } from '../instance-state.js';
import { invariant } from '../invariant.js';
import { isAwaited, partsOf, triggerOf } from './await-trigger.js';
import { notActive, type Obstacle } from './obstacle.js';
import { Step } from './step.js';

export type MigrationCheck =
  { readonly ok: true; readonly plan: MigrationPlan } | { readonly ok: false; readonly obstacles: readonly Obstacle[] };

/**
 * Whether an instance can go on under another definition, and how; nothing is changed. An element becomes the one that `mapping` names,
 * else the one with its id; sequence flows may be mapped, too.
 *
 * What tokens rest on must have a counterpart of the same kind at the same place of the nesting. Events that they wait for beside it
 * (boundary events, event subprocesses, events behind an event-based gateway) may come and go: what has no counterpart is closed, what is
 * new is opened, and what waits for something else than before (another message, another signal, another condition) is opened anew. A
 * timer that both definitions have keeps its time, whatever the new one says; so do tasks and called instances under way.
 */
export function checkMigration(
  oldDefinition: Definition,
  newDefinition: Definition,
  state: InstanceState,
  mapping: readonly ElementPair[] = [],
): MigrationCheck {
  const check = new Check(oldDefinition, newDefinition, state, mapping);
  check.run();
  if (check.obstacles.length > 0) return { ok: false, obstacles: check.obstacles };
  return { ok: true, plan: check.plan() };
}

class Check {
  readonly obstacles: Obstacle[] = [];
  private readonly targets: ReadonlyMap<string, string>;
  private readonly elements = new Map<string, string>();
  private readonly flows = new Map<string, string>();
  private readonly opened = new Set<string>();
  /** Elements and flows that an obstacle tells of. */
  private readonly told = new Set<string>();
  private readonly step: Step;

  constructor(
    private readonly before: Definition,
    private readonly after: Definition,
    state: InstanceState,
    private readonly mapping: readonly ElementPair[],
  ) {
    this.targets = new Map(mapping.map(({ source, target }) => [source, target]));
    this.step = new Step(before, state, 0);
  }

  plan(): MigrationPlan {
    const pairs = (map: ReadonlyMap<string, string>) => [...map].map(([source, target]) => ({ source, target }));
    return { elements: pairs(this.elements), flows: pairs(this.flows), opened: [...this.opened] };
  }

  run(): void {
    if (this.step.status !== 'active') {
      this.obstacles.push(notActive);
      return;
    }
    this.checkMapping();
    for (const scope of this.step.scopes) this.checkScope(scope);
    for (const token of this.step.tokens) {
      if (token.phase === 'listening') this.checkListener(token);
      else this.checkToken(token);
    }
  }

  private checkMapping(): void {
    const seen = new Set<string>();
    for (const { source, target } of this.mapping) {
      if (!this.before.nodes.has(source) && !this.before.flows.has(source))
        this.refuse(
          source,
          `The mapping names "${source}", which the old version lacks.`,
          'Leave it out, or correct the id.',
        );
      if (!this.after.nodes.has(target) && !this.after.flows.has(target))
        this.refuse(
          source,
          `The mapping leads "${source}" to "${target}", which the new version lacks.`,
          'Name an element of the new version.',
        );
      if (seen.has(source))
        this.refuse(source, `The mapping names "${source}" more than once.`, 'Give each element one target.');
      seen.add(source);
    }
  }

  private checkScope(scope: Scope): void {
    const { elementId, parentTokenId, loopCounter, compensables = [], pending = [], received = [] } = scope;
    const container = parentTokenId === null ? this.after.root : this.keep(elementId);
    for (const one of compensables) this.checkCompensable(one);
    for (const id of pending) {
      const activity = this.keep(id);
      if (activity !== null && container !== null && !scopeOf(container)?.implicitStarts.includes(activity))
        this.refuse(
          id,
          `Activity "${id}" has been asked for in an ad-hoc subprocess, and in the new version sequence flows lead to "${activity.id}".`,
          'Map it to an activity to which none leads.',
        );
    }
    for (const gateway of received) {
      const node = this.keep(gateway.elementId);
      if (node !== null) for (const id of gateway.flows) this.keepFlow(id, node);
    }
    const isCompensated = parentTokenId !== null && this.step.seeToken(parentTokenId).phase === 'compensating';
    if (loopCounter !== undefined || isCompensated || container === null) return;
    const old = parentTokenId === null ? this.before.root : scopeOf(this.step.node(elementId));
    const kept = new Set(old?.eventSubprocesses.map(({ id }) => this.targetOf(id)));
    for (const node of scopeOf(container)?.eventSubprocesses ?? [])
      if (!kept.has(node.id) && isAwaited(startOf(node).trigger)) this.opened.add(node.id);
  }

  private checkCompensable({ elementId, handlerId, inner = [] }: Compensable): void {
    const node = this.keep(elementId);
    for (const one of inner) this.checkCompensable(one);
    if (handlerId === null || node === null) return;
    const handler = node.boundaryEvents.find(({ trigger }) => trigger.kind === 'compensation')?.handlerId;
    if (handler === undefined)
      this.refuse(
        elementId,
        `Activity "${elementId}" has completed and can be compensated, and in the new version nothing undoes "${node.id}".`,
        'Map it to an activity with a compensation handler, or add one.',
      );
    else this.elements.set(handlerId, handler);
  }

  private checkListener({ elementId, waits }: Token): void {
    const old = this.step.node(elementId);
    const node = this.targetOf(elementId) === null ? undefined : this.after.nodes.get(this.targetOf(elementId)!);
    if (old.type !== 'event-subprocess' || node?.type !== 'event-subprocess' || !this.isInPlace(old, node)) return;
    const start = startOf(node);
    if (!isAwaited(start.trigger)) return;
    this.elements.set(elementId, node.id);
    for (const wait of waits) this.elements.set(wait.elementId, start.id);
    if (waitsForOther(startOf(old).trigger, start.trigger)) this.opened.add(node.id);
  }

  private checkToken(token: Token): void {
    for (const one of token.todo ?? []) this.checkCompensable(one);
    for (const id of token.startAt ?? []) this.keep(id);
    const old = this.step.node(token.elementId);
    const node = this.keep(token.elementId);
    if (node === null) return;
    if (loopKind(old) !== loopKind(node))
      this.refuse(
        old.id,
        `Activity "${old.id}" is under way and ${describeLoop(old)}, and in the new version "${node.id}" ${describeLoop(node)}.`,
        'Map it to an activity that runs as often, or terminate its token and activate another element first.',
      );
    if (token.waits.some(({ kind }) => kind === 'join')) this.checkJoin(token, old, node);
    if (token.waits.some(({ kind }) => kind === 'data') && requiredBy(old) !== requiredBy(node))
      this.opened.add(node.id);
    const trigger = triggerOf(old);
    const newTrigger = triggerOf(node);
    if (trigger !== null && newTrigger !== null && waitsForOther(trigger, newTrigger)) this.opened.add(node.id);
    this.checkEventsBeside(
      old.boundaryEvents.map((event) => event),
      node.boundaryEvents.map((event) => event),
    );
    if (old.type === 'event-based-gateway')
      this.checkEventsBeside(
        old.outgoing.map(({ target }) => target),
        node.outgoing.map(({ target }) => target),
      );
  }

  /** Events that an element waits for beside its own work: those that stay, and those that are new. */
  private checkEventsBeside(olds: readonly FlowNode[], news: readonly FlowNode[]): void {
    const kept = new Set<string>();
    for (const old of olds) {
      const event = news.find(({ id }) => id === this.targetOf(old.id));
      const [trigger, newTrigger] = [triggerOf(old), event ? triggerOf(event) : null];
      if (event === undefined || trigger === null || newTrigger === null) continue;
      kept.add(event.id);
      this.elements.set(old.id, event.id);
      if (waitsForOther(trigger, newTrigger)) this.opened.add(event.id);
    }
    for (const event of news) {
      const trigger = triggerOf(event);
      if (!kept.has(event.id) && trigger !== null && isAwaited(trigger)) this.opened.add(event.id);
    }
  }

  private checkJoin({ arrivedBy }: Token, old: FlowNode, node: FlowNode): void {
    if (arrivedBy !== null) this.keepFlow(arrivedBy, node);
    const isSame =
      old.incoming.length === node.incoming.length &&
      old.quantity?.start === node.quantity?.start &&
      sourceOfActivation(old) === sourceOfActivation(node);
    if (!isSame) this.opened.add(node.id);
  }

  /** The flow by which a token has come to a join: the one that is mapped or has its id, else the only one that leads there from the same element. */
  private keepFlow(flowId: string, join: FlowNode): void {
    const same = join.incoming.find(({ id }) => id === (this.targets.get(flowId) ?? flowId));
    const old = this.before.flows.get(flowId);
    const alike = old ? join.incoming.filter(({ source }) => source.id === this.targetOf(old.source.id)) : [];
    const flow: SequenceFlow | undefined = same ?? (alike.length === 1 ? alike[0] : undefined);
    if (flow !== undefined) this.flows.set(flowId, flow.id);
    else
      this.refuse(
        old?.target.id ?? join.id,
        `A token has come to join "${old?.target.id ?? join.id}" by sequence flow "${flowId}", and no flow of the new version stands for it.`,
        `Map it to a sequence flow that leads to "${join.id}", or move the token first.`,
      );
  }

  private targetOf(elementId: string): string | null {
    const id = this.targets.get(elementId) ?? elementId;
    return this.after.nodes.has(id) ? id : null;
  }

  /** The element's counterpart, which it must have; null, and an obstacle, where it has none. */
  private keep(elementId: string): FlowNode | null {
    const old = this.step.node(elementId);
    const targetId = this.targetOf(elementId);
    const node = targetId === null ? undefined : this.after.nodes.get(targetId);
    if (node === undefined) {
      this.refuse(
        elementId,
        `The instance is busy with "${elementId}", which the new version lacks.`,
        'Map it to an element of the new version, or terminate its token and activate another element first.',
      );
      return null;
    }
    if (node.type !== old.type) {
      this.refuse(
        elementId,
        `The instance is busy with "${elementId}", which is a ${old.type}, and "${node.id}" is a ${node.type}.`,
        `Map it to a ${old.type} of the new version, or terminate its token and activate another element first.`,
      );
      return null;
    }
    if (!this.isInPlace(old, node)) {
      this.refuse(
        elementId,
        `The instance is busy with "${elementId}" in "${old.scopeId}", and "${node.id}" is in "${node.scopeId}".`,
        'Map the subprocesses around them to each other, or terminate its token and activate another element first.',
      );
      return null;
    }
    this.elements.set(elementId, node.id);
    return node;
  }

  private isInPlace(old: FlowNode, node: FlowNode): boolean {
    if (old.scopeId === this.before.root.id) return node.scopeId === this.after.root.id;
    return this.targetOf(old.scopeId) === node.scopeId;
  }

  /** An element is told of once. */
  private refuse(elementId: string, message: string, remedy: string): void {
    if (this.told.has(elementId)) return;
    this.told.add(elementId);
    this.obstacles.push({ elementId, message, remedy });
  }
}

const scopeOf = (container: FlowNode | ScopeNode): ScopeNode | undefined =>
  'eventSubprocesses' in container ? container : 'scope' in container ? container.scope : undefined;

function startOf({ id, scope }: Extract<FlowNode, { type: 'event-subprocess' }>) {
  invariant(scope.triggeredStart, `Expected a start event in event subprocess ${id}.`);
  return scope.triggeredStart;
}

const loopKind = ({ loop }: FlowNode) => loop?.kind ?? null;

const describeLoop = (node: FlowNode): string =>
  ({
    standard: 'is a loop',
    parallel: 'runs many times at once',
    sequential: 'runs many times in turn',
    once: 'runs once',
  })[loopKind(node) ?? 'once'];

const sourceOfActivation = (node: FlowNode): string | null =>
  node.type === 'complex-gateway' ? (node.activation?.source ?? null) : null;

const requiredBy = ({ data }: FlowNode): string =>
  JSON.stringify(data?.required.map((set) => set.map(({ value }) => value.source)) ?? []);

/** Whether something else is waited for than before. Timers are compared by nothing: one that runs keeps its time. */
function waitsForOther(old: Trigger, now: Trigger): boolean {
  return JSON.stringify(awaitedBy(old)) !== JSON.stringify(awaitedBy(now));
}

const awaitedBy = (trigger: Trigger) => [
  trigger.kind === 'multiple' && trigger.all,
  ...partsOf(trigger).map(([part]) => {
    switch (part.kind) {
      case 'message':
        return [part.kind, part.messageName, part.correlationKey?.source ?? null];
      case 'signal':
        return [part.kind, part.signalName];
      case 'conditional':
        return [part.kind, part.condition.source];
      default:
        return [part.kind];
    }
  }),
];
