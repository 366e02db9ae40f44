import type { HistoryEvent } from '@xflow/schemas';
import type { Definition, SequenceFlow } from '../definition.js';
import type { FlowNode } from '../flow-node.js';
import type { Effect, EndEffect, Incident } from '../effect.js';
import type { InstanceState, Scope, Token, Wait } from '../instance-state.js';
import { invariant } from '../invariant.js';
import type { Json, Variables } from '../json.js';
import type { UserChange } from '../user-change.js';
import { WorkLine } from './work-line.js';
import { WorkingScopes } from './working-scopes.js';
import type { WorkingToken } from './working-token.js';

export type { Work } from './work-line.js';
export type { WorkingLoop, WorkingToken } from './working-token.js';

/**
 * The working copy of one instance during one `advance`, and what the step has brought about so far. What the step does not
 * touch is shared with the state before.
 */
export class Step extends WorkingScopes {
  readonly effects: Effect[] = [];
  readonly events: HistoryEvent[] = [];
  readonly line = new WorkLine();
  incidents: readonly Incident[];
  status: InstanceState['status'];
  entries: number;
  burst: number;
  /** The incident that stops what would exceed the number of tokens. */
  tokenBound: Wait | null = null;
  /** Variables set since conditions were evaluated last. */
  readonly changedVariables: string[] = [];
  /** Waits for conditions that have become true, and have not happened yet. */
  readonly metConditions: string[] = [];
  private stage: string | null;
  private ownIncidents: Incident[] = [];
  /** Questions whose tokens were taken away; null: none. */
  private withdrawn: Set<string> | null = null;

  constructor(
    readonly definition: Definition,
    before: InstanceState,
    readonly at: number,
  ) {
    super(before);
    this.incidents = before.incidents;
    this.status = before.status;
    this.stage = before.stage;
    this.entries = before.entries;
    this.burst = before.burst;
  }

  toState(): InstanceState {
    const { instanceId, subjectId, businessKey, seed } = this.before;
    return {
      instanceId,
      subjectId,
      businessKey,
      seed,
      status: this.status,
      stage: this.stage,
      lastId: this.lastId,
      entries: this.entries,
      burst: this.isAsking() ? this.burst : 0,
      scopes: this.scopes,
      tokens: this.keepTokens(),
      incidents: this.incidents,
    };
  }

  /** Nobody waits for the answer any more: a question of this very step is not asked at all. */
  withdraw(questionId: string): void {
    this.withdrawn ??= new Set();
    this.withdrawn.add(questionId);
  }

  /** What the step has brought about. */
  toOutcome(): { readonly effects: readonly Effect[]; readonly events: readonly HistoryEvent[] } {
    const { effects, events, withdrawn } = this;
    if (withdrawn === null) return { effects, events };
    return {
      effects: effects.filter((effect) => effect.kind !== 'ask' || !withdrawn.has(effect.questionId)),
      events: events.filter((event) => event.kind !== 'question-asked' || !withdrawn.has(event.questionId)),
    };
  }

  node(elementId: string): FlowNode {
    const node = this.definition.nodes.get(elementId);
    invariant(
      node,
      () => `Expected element ${elementId} in workflow ${this.definition.key}: the state belongs to this definition.`,
    );
    return node;
  }

  /** Takes tokens away from the instance, and out of the line; their waits must be closed. */
  removeTokens(gone: ReadonlySet<Token>): void {
    for (const token of gone) this.removeToken(token);
    this.line.leave(gone);
  }

  /** Sends the token on its way into an element; boundary events reach the elements behind them this way, too. */
  send(token: WorkingToken, node: FlowNode, flow: SequenceFlow | null): void {
    token.elementId = node.id;
    token.phase = 'arriving';
    token.arrivedBy = flow === null ? null : flow.id;
    token.armed = false;
    token.answers = null;
    if (token.loop !== undefined) delete token.loop;
    if (token.locals !== undefined) delete token.locals;
    if (token.startAt !== undefined) delete token.startAt;
    if (token.toArm !== undefined) delete token.toArm;
    this.enqueue(token, node);
  }

  enqueue(token: WorkingToken, node: FlowNode): void {
    this.line.add(token, node);
  }

  addIncident(incident: Incident): void {
    // Copied once a step: ten thousand tokens may fail in one.
    if (this.ownIncidents !== this.incidents) this.ownIncidents = [...this.incidents];
    this.ownIncidents.push(incident);
    this.incidents = this.ownIncidents;
  }

  /** Sets each variable in the nearest scope that declares it, seen from `scopeId`; one that no scope declares in the root scope. */
  setVariables(elementId: string, scopeId: string, variables: Variables): void {
    const chain = this.enclosing(scopeId);
    const byScope = new Map<Scope, [string, Json][]>();
    for (const entry of Object.entries(variables)) {
      const home = chain.find((scope) => Object.hasOwn(scope.variables, entry[0])) ?? chain[chain.length - 1]!;
      const entries = byScope.get(home);
      if (entries) entries.push(entry);
      else byScope.set(home, [entry]);
    }
    for (const [scope, entries] of byScope) {
      // Object.fromEntries and spread define properties, also one named `__proto__`, which an assignment would not.
      const set: Variables = Object.fromEntries(entries);
      this.scopeList.replace({ ...scope, variables: { ...scope.variables, ...set } });
      this.events.push({ kind: 'variables-set', elementId, scopeId: scope.elementId, variables: set });
      for (const [name] of entries) this.changedVariables.push(name);
    }
  }

  /** Sets variables in this very scope. */
  setVariablesIn(scopeId: string, variables: Variables): void {
    const scope = this.scope(scopeId);
    this.scopeList.replace({ ...scope, variables: { ...scope.variables, ...variables } });
    this.events.push({ kind: 'variables-set', elementId: scope.elementId, scopeId: scope.elementId, variables });
    for (const name of Object.keys(variables)) this.changedVariables.push(name);
  }

  changeUser(elementId: string, change: UserChange, reason: string): void {
    if (change.kind === 'stage') this.stage = change.stage;
    this.effects.push({ kind: 'change-user', elementId, change, reason });
    this.events.push({ kind: 'user-changed', elementId, change, reason });
  }

  /** Ends the instance. Nothing may be open any more. */
  end(outcome: EndEffect['outcome'], error?: EndEffect['error']): void {
    this.status = outcome;
    this.events.push({ kind: 'instance-ended', outcome });
    this.effects.push({ kind: 'end', outcome, variables: this.rootScope().variables, ...(error ? { error } : {}) });
  }
}
