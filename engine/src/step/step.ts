import type { Definition, FlowNode, SequenceFlow } from '../definition.js';
import type { Effect, EndEffect, Incident } from '../effect.js';
import type { HistoryEvent } from '@xflow/schemas';
import type { InstanceState, Scope, Token, Wait } from '../instance-state.js';
import { invariant } from '../invariant.js';
import type { Json, Variables } from '../json.js';
import type { UserChange } from '../user-change.js';

/** A token that the step may change. */
export type WorkingToken = { -readonly [Key in keyof Token]: Token[Key] };

/** A token that moves: its phase says whether into `node`, or on with what is to be done there. */
export interface Work {
  readonly token: WorkingToken;
  readonly node: FlowNode;
}

/**
 * The working copy of one instance during one `advance`, and what the step has brought about so far. What the step does not
 * touch is shared with the state before; tokens are copied when first touched.
 */
export class Step {
  readonly effects: Effect[] = [];
  readonly events: HistoryEvent[] = [];
  tokens: Token[];
  incidents: readonly Incident[];
  status: InstanceState['status'];
  entries: number;
  burst: number;
  private scopes: Scope[];
  private stage: string | null;
  private lastId: number;
  private work: Work[] = [];
  private nextWork = 0;
  private readonly touched = new Set<Token>();

  constructor(
    readonly definition: Definition,
    readonly before: InstanceState,
    readonly at: number,
  ) {
    this.tokens = before.tokens.slice();
    this.scopes = before.scopes.slice();
    this.incidents = before.incidents;
    this.status = before.status;
    this.stage = before.stage;
    this.lastId = before.lastId;
    this.entries = before.entries;
    this.burst = before.burst;
  }

  toState(): InstanceState {
    const { instanceId, subjectId, businessKey, seed } = this.before;
    const asking = this.tokens.some(({ waits }) => waits.some(({ kind }) => kind === 'question'));
    return {
      instanceId,
      subjectId,
      businessKey,
      seed,
      status: this.status,
      stage: this.stage,
      lastId: this.lastId,
      entries: this.entries,
      burst: asking ? this.burst : 0,
      scopes: this.scopes,
      tokens: this.tokens,
      incidents: this.incidents,
    };
  }

  newId(kind: string): string {
    this.lastId += 1;
    return `${kind}-${this.lastId}`;
  }

  node(elementId: string): FlowNode {
    const node = this.definition.nodes.get(elementId);
    invariant(
      node,
      `Expected element ${elementId} in workflow ${this.definition.key}: the state belongs to this definition.`,
    );
    return node;
  }

  // Tokens

  /** Makes a token on its way into `node`; it moves when it is enqueued. */
  addToken(node: FlowNode, scopeId: string, flow: SequenceFlow | null): WorkingToken {
    const token: WorkingToken = {
      id: this.newId('token'),
      elementId: node.id,
      scopeId,
      visit: 0,
      phase: 'arriving',
      arrivedBy: flow === null ? null : flow.id,
      armed: false,
      waits: [],
      answers: null,
      result: null,
    };
    this.touched.add(token);
    this.tokens.push(token);
    return token;
  }

  /** The token as one that may be changed: a copy in its place, the first time. */
  touch(token: Token): WorkingToken {
    if (this.touched.has(token)) return token;
    const index = this.tokens.indexOf(token);
    invariant(index >= 0, `Expected token ${token.id} among those of instance ${this.before.instanceId}.`);
    const copy: WorkingToken = { ...token };
    this.touched.add(copy);
    this.tokens[index] = copy;
    return copy;
  }

  tokenById(tokenId: string): WorkingToken {
    const token = this.tokens.find(({ id }) => id === tokenId);
    invariant(token, `Expected token ${tokenId} in instance ${this.before.instanceId}.`);
    return this.touch(token);
  }

  /** Takes tokens away from the instance, and out of the line; their waits must be closed. */
  removeTokens(gone: ReadonlySet<Token>): void {
    this.tokens = this.tokens.filter((token) => !gone.has(token));
    if (this.nextWork < this.work.length) {
      this.work = this.work.slice(this.nextWork).filter(({ token }) => !gone.has(token));
      this.nextWork = 0;
    }
  }

  removeToken(token: Token): void {
    this.tokens.splice(this.tokens.indexOf(token), 1);
  }

  /** Sends the token on its way into an element; boundary events reach the elements behind them this way, too. */
  send(token: WorkingToken, node: FlowNode, flow: SequenceFlow | null): void {
    token.elementId = node.id;
    token.phase = 'arriving';
    token.arrivedBy = flow === null ? null : flow.id;
    token.armed = false;
    token.answers = null;
    this.enqueue(token, node);
  }

  enqueue(token: WorkingToken, node: FlowNode): void {
    this.work.push({ token, node });
  }

  /** The token that has waited longest for its turn. */
  nextInLine(): Work | undefined {
    const work = this.work[this.nextWork];
    if (work === undefined) {
      this.work = [];
      this.nextWork = 0;
    } else this.nextWork += 1;
    return work;
  }

  /** All tokens that still want to move, taken out of the line. */
  drainLine(): readonly Work[] {
    const rest = this.work.slice(this.nextWork);
    this.work = [];
    this.nextWork = 0;
    return rest;
  }

  // Waits

  addWait(token: WorkingToken, wait: Wait): void {
    token.waits = token.waits.length === 0 ? [wait] : [...token.waits, wait];
  }

  dropWait(token: WorkingToken, wait: Wait): void {
    token.waits = token.waits.filter((other) => other !== wait);
  }

  findWait(waitId: string): { readonly token: Token; readonly wait: Wait } | null {
    for (const token of this.tokens)
      for (const wait of token.waits) if (wait.id === waitId && wait.kind !== 'join') return { token, wait };
    return null;
  }

  // Scopes and variables

  openScope(elementId: string, parentTokenId: string | null, variables: Variables): Scope {
    const scope: Scope = { id: this.newId('scope'), elementId, parentTokenId, variables };
    this.scopes.push(scope);
    return scope;
  }

  closeScope(scopeId: string): void {
    this.scopes = this.scopes.filter(({ id }) => id !== scopeId);
  }

  scope(scopeId: string): Scope {
    const scope = this.scopes.find(({ id }) => id === scopeId);
    invariant(scope, `Expected scope ${scopeId} in instance ${this.before.instanceId}.`);
    return scope;
  }

  rootScope(): Scope {
    const root = this.scopes[0];
    invariant(root, `Expected that instance ${this.before.instanceId} has started.`);
    return root;
  }

  /** The scope and those around it, innermost first. */
  private enclosing(scopeId: string): readonly Scope[] {
    const chain = [this.scope(scopeId)];
    for (let scope = chain[0]; scope && scope.parentTokenId !== null;) {
      const parentTokenId = scope.parentTokenId;
      const parent = this.tokens.find(({ id }) => id === parentTokenId);
      invariant(parent, `Expected token ${parentTokenId} on the subprocess of scope ${scope.id}.`);
      scope = this.scope(parent.scopeId);
      chain.push(scope);
    }
    return chain;
  }

  /** What an expression in this scope sees: its variables, and those of the scopes around it that it does not hide. */
  variablesIn(scopeId: string): Variables {
    const root = this.rootScope();
    if (scopeId === root.id) return root.variables;
    const chain = this.enclosing(scopeId);
    const declaring = chain.filter(({ variables }) => Object.keys(variables).length > 0);
    if (declaring.length <= 1) return (declaring[0] ?? root).variables;
    return declaring.reduceRight<Variables>((all, { variables }) => ({ ...all, ...variables }), {});
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
      this.scopes[this.scopes.indexOf(scope)] = { ...scope, variables: { ...scope.variables, ...set } };
      this.events.push({ kind: 'variables-set', elementId, scopeId: scope.elementId, variables: set });
    }
  }

  // What the step brings about beyond the instance

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
