import type { Definition, FlowNode, SequenceFlow } from '../definition.js';
import type { Effect, EndEffect, Incident } from '../effect.js';
import type { HistoryEvent } from '@xflow/schemas';
import type { InstanceState, LoopState, Scope, Token, Wait, WithOnly } from '../instance-state.js';
import { invariant } from '../invariant.js';
import type { Json, Variables } from '../json.js';
import type { UserChange } from '../user-change.js';
import { Completions } from './completions.js';
import { RisingList } from './rising-list.js';
import { indexedFrom, TokenIndex } from './token-index.js';

/** A token that the step may change. */
export type WorkingToken = Writable<Omit<Token, 'loop'>> & { loop?: WorkingLoop };
type Writable<T> = { -readonly [Field in keyof T]: T[Field] };
export interface WorkingLoop extends LoopState {
  started: number;
  completed: number;
  terminated: number;
  output?: Json[];
}

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
  incidents: readonly Incident[];
  status: InstanceState['status'];
  entries: number;
  burst: number;
  /** The incident that stops what would exceed the number of tokens. */
  tokenBound: Wait | null = null;
  private readonly tokenList: RisingList<Token>;
  private readonly scopeList: RisingList<Scope>;
  /** Variables set since conditions were evaluated last. */
  readonly changedVariables: string[] = [];
  /** Waits for conditions that have become true, and have not happened yet. */
  readonly metConditions: string[] = [];
  private stage: string | null;
  private lastId: number;
  /** The line is what lies between the two; the array is used again when it has come to its end, so that it grows no longer than the line. */
  private readonly work: Work[] = [];
  private nextWork = 0;
  private endOfWork = 0;
  private ownIncidents: Incident[] = [];
  /** Tokens that are the step's own; null: there were so few before that comparing with those is faster. */
  private readonly own: Set<Token> | null;
  /** Tokens that were taken away while they stood in line; null: none. */
  private gone: Set<Token> | null = null;
  /** Null: not asked for yet. */
  private index: TokenIndex | null;
  private mayAsk: boolean;
  private ownCompletions: Completions | null = null;
  /** Questions whose tokens were taken away; null: none. */
  private withdrawn: Set<string> | null = null;

  constructor(
    readonly definition: Definition,
    readonly before: InstanceState,
    readonly at: number,
  ) {
    this.tokenList = new RisingList(before.tokens);
    this.scopeList = new RisingList(before.scopes);
    this.incidents = before.incidents;
    this.status = before.status;
    this.stage = before.stage;
    this.own = before.tokens.length > 8 ? new Set() : null;
    this.lastId = before.lastId;
    this.entries = before.entries;
    this.burst = before.burst;
    this.index = TokenIndex.keptFor(before.tokens);
    // Only a step that asked has not come to rest.
    this.mayAsk = before.burst > 0;
  }

  /** In the order of their ids; valid until the next change. */
  get tokens(): readonly Token[] {
    return this.tokenList.all();
  }

  get tokenCount(): number {
    return this.tokenList.size;
  }

  /** In the order of their ids, the root scope first; valid until the next change. */
  get scopes(): readonly Scope[] {
    return this.scopeList.all();
  }

  toState(): InstanceState {
    const { instanceId, subjectId, businessKey, seed } = this.before;
    const asking = this.mayAsk && this.tokens.some(({ waits }) => waits.some(({ kind }) => kind === 'question'));
    this.index?.keepFor(this.tokens);
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

  newId(kind: string): string {
    this.lastId += 1;
    return `${kind}-${this.lastId}`;
  }

  node(elementId: string): FlowNode {
    const node = this.definition.nodes.get(elementId);
    invariant(
      node,
      () => `Expected element ${elementId} in workflow ${this.definition.key}: the state belongs to this definition.`,
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
    this.own?.add(token);
    this.tokenList.add(token);
    this.index?.add(token);
    return token;
  }

  /** The token as one that may be changed: a copy in its place, the first time. */
  touch(token: Token): WorkingToken {
    if (this.own === null ? !this.before.tokens.includes(token) : this.own.has(token)) return token as WorkingToken;
    invariant(
      this.tokenList.find(token.id) === token,
      () => `Expected token ${token.id} among those of instance ${this.before.instanceId}.`,
    );
    const copy = copyOf(token);
    this.own?.add(copy);
    this.tokenList.replace(copy as Token);
    return copy;
  }

  tokenById(tokenId: string): WorkingToken {
    return this.touch(this.seeToken(tokenId));
  }

  hasToken(tokenId: string): boolean {
    return this.tokenList.find(tokenId) !== undefined;
  }

  seeToken(tokenId: string): Token {
    const token = this.tokenList.find(tokenId);
    invariant(token, () => `Expected token ${tokenId} in instance ${this.before.instanceId}.`);
    return token;
  }

  /** The index, made when it is first asked for; null where there are so few tokens that searching them is faster. */
  private indexed(): TokenIndex | null {
    if (this.index === null && this.tokenList.size >= indexedFrom) this.index = TokenIndex.of(this.tokens);
    return this.index;
  }

  /** In the order of their ids. */
  tokensIn(scopeId: string): readonly Token[] {
    const index = this.indexed();
    if (index === null) return this.tokens.filter((token) => token.scopeId === scopeId);
    return index.inScope(scopeId).map((id) => this.seeToken(id));
  }

  hasTokens(scopeId: string): boolean {
    const index = this.indexed();
    if (index === null) return this.tokens.some((token) => token.scopeId === scopeId);
    return index.countInScope(scopeId) > 0;
  }

  countTokens(scopeId: string): number {
    const index = this.indexed();
    if (index === null) return this.tokens.filter((token) => token.scopeId === scopeId).length;
    return index.countInScope(scopeId);
  }

  /** The tokens that wait at a join, in the order of their ids; none where they are fewer than `least`. */
  tokensAtJoin(scopeId: string, elementId: string, least = 0): readonly Token[] {
    const index = this.indexed();
    const waits = (token: Token) =>
      token.elementId === elementId && token.scopeId === scopeId && token.waits[0]?.kind === 'join';
    if (index === null) return this.tokens.filter(waits);
    if (index.countAtJoin(scopeId, elementId) < least) return [];
    return index
      .atJoin(scopeId, elementId)
      .map((id) => this.seeToken(id))
      .filter(waits);
  }

  /** Takes tokens away from the instance, and out of the line; their waits must be closed. */
  removeTokens(gone: ReadonlySet<Token>): void {
    for (const token of gone) this.removeToken(token);
    if (this.nextWork === this.endOfWork) return;
    this.gone ??= new Set();
    for (const token of gone) this.gone.add(token);
  }

  removeToken(token: Token): void {
    invariant(
      this.tokenList.find(token.id) === token,
      () => `Expected token ${token.id} among those of instance ${this.before.instanceId}.`,
    );
    this.tokenList.delete(token.id);
    this.index?.remove(token);
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
    this.enqueue(token, node);
  }

  enqueue(token: WorkingToken, node: FlowNode): void {
    this.work[this.endOfWork] = { token, node };
    this.endOfWork += 1;
  }

  /** The token that has waited longest for its turn. */
  nextInLine(): Work | undefined {
    while (this.nextWork < this.endOfWork) {
      const work = this.work[this.nextWork]!;
      this.nextWork += 1;
      const due = this.isDue(work);
      if (this.nextWork === this.endOfWork) this.clearLine();
      if (due) return work;
    }
    return undefined;
  }

  /** Not when the token was taken away, or sent elsewhere by an event that interrupted its element, while it stood in line. */
  private isDue({ token, node }: Work): boolean {
    return token.elementId === node.id && this.gone?.has(token) !== true;
  }

  /** All tokens that still want to move, taken out of the line. */
  drainLine(): readonly Work[] {
    const rest = this.work.slice(this.nextWork, this.endOfWork).filter((work) => this.isDue(work));
    this.clearLine();
    return rest;
  }

  private clearLine(): void {
    this.nextWork = 0;
    this.endOfWork = 0;
    this.gone = null;
  }

  addIncident(incident: Incident): void {
    // Copied once a step: ten thousand tokens may fail in one.
    if (this.ownIncidents !== this.incidents) this.ownIncidents = [...this.incidents];
    this.ownIncidents.push(incident);
    this.incidents = this.ownIncidents;
  }

  // Waits

  addWait(token: WorkingToken, wait: Wait): void {
    token.waits = token.waits.length === 0 ? [wait] : [...token.waits, wait];
    if (wait.kind === 'question') this.mayAsk = true;
    this.index?.addWait(token, wait);
  }

  dropWait(token: WorkingToken, wait: Wait): void {
    token.waits = token.waits.filter((other) => other !== wait);
    this.index?.dropWait(token, wait);
  }

  /** Takes everything from the token that it waits for; closing it in the world is up to the caller. */
  takeWaits(token: WorkingToken): readonly Wait[] {
    const { waits } = token;
    token.waits = [];
    if (this.index !== null) for (const wait of waits) this.index.dropWait(token, wait);
    return waits;
  }

  findWait(waitId: string): { readonly token: Token; readonly wait: Wait } | null {
    for (const token of this.tokensWaitingFor(waitId))
      for (const wait of token.waits) if (wait.id === waitId && wait.kind !== 'join') return { token, wait };
    return null;
  }

  /** In the order of their ids; more than one where an incident is shared. */
  tokensWaitingFor(waitId: string): readonly Token[] {
    const index = this.indexed();
    const waits = (token: Token) => token.waits.some(({ id, kind }) => id === waitId && kind !== 'join');
    if (index === null) return this.tokens.filter(waits);
    return index
      .waitingFor(waitId)
      .flatMap((id) => this.tokenList.find(id) ?? [])
      .filter(waits);
  }

  // Scopes and variables

  openScope(elementId: string, parentTokenId: string | null, variables: Variables, loopCounter?: number): Scope {
    const id = this.newId('scope');
    const scope: Scope =
      loopCounter === undefined
        ? { id, elementId, parentTokenId, variables }
        : { id, elementId, parentTokenId, variables, loopCounter };
    this.scopeList.add(scope);
    return scope;
  }

  /** Completed activities that can be compensated. */
  get completions(): Completions {
    this.ownCompletions ??= new Completions(this.scopeList);
    return this.ownCompletions;
  }

  closeScope(scopeId: string): void {
    const scope = this.scopeList.find(scopeId);
    if (scope?.compensables !== undefined) this.completions.set(scope, []);
    this.scopeList.delete(scopeId);
  }

  /** The scopes that a token on a subprocess, or on an activity with many runs, has opened. */
  scopesUnder(tokenId: string): readonly Scope[] {
    return this.scopes.filter(({ parentTokenId }) => parentTokenId === tokenId);
  }

  /** Open scopes of a process or subprocess, the oldest first. */
  scopesOf(elementId: string): readonly Scope[] {
    return this.scopes.filter((scope) => scope.elementId === elementId && scope.loopCounter === undefined);
  }

  pendingIn(scopeId: string): readonly string[] {
    return this.scope(scopeId).pending ?? [];
  }

  setPending(scopeId: string, pending: readonly string[]): void {
    const { pending: _, ...scope } = this.scope(scopeId);
    this.scopeList.replace(pending.length === 0 ? scope : { ...scope, pending });
  }

  /** The flows whose tokens a complex gateway let through; null: it waits for its activation. */
  receivedAt(scopeId: string, elementId: string): readonly string[] | null {
    return this.scope(scopeId).received?.find((one) => one.elementId === elementId)?.flows ?? null;
  }

  setReceivedAt(scopeId: string, elementId: string, flows: readonly string[] | null): void {
    const { received = [], ...scope } = this.scope(scopeId);
    const others = received.filter((one) => one.elementId !== elementId);
    const all = flows === null ? others : [...others, { elementId, flows }];
    this.scopeList.replace(all.length === 0 ? scope : { ...scope, received: all });
  }

  /** Every complex gateway that is not reset. */
  allReceived(): readonly {
    readonly scopeId: string;
    readonly elementId: string;
    readonly received: readonly string[];
  }[] {
    return this.scopes.flatMap(({ id, received = [] }) =>
      received.map(({ elementId, flows }) => ({ scopeId: id, elementId, received: flows })),
    );
  }

  scope(scopeId: string): Scope {
    const scope = this.scopeList.find(scopeId);
    invariant(scope, () => `Expected scope ${scopeId} in instance ${this.before.instanceId}.`);
    return scope;
  }

  rootScope(): Scope {
    const root = this.scopeList.first();
    invariant(root, () => `Expected that instance ${this.before.instanceId} has started.`);
    return root;
  }

  /** The scope and those around it, innermost first. */
  private enclosing(scopeId: string): readonly Scope[] {
    const chain = [this.scope(scopeId)];
    for (let scope = chain[0]; scope && scope.parentTokenId !== null;) {
      scope = this.scope(this.seeToken(scope.parentTokenId).scopeId);
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

  /** What an expression of the token's element sees: the element's own variables hide those around it. */
  variablesOf({ scopeId, locals }: Token): Variables {
    const around = this.variablesIn(scopeId);
    return locals === undefined ? around : { ...around, ...locals };
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

type EveryFieldOfToken = WithOnly<
  Token,
  | ('id' | 'elementId' | 'scopeId' | 'visit' | 'phase' | 'arrivedBy' | 'armed' | 'waits' | 'answers' | 'result')
  | ('todo' | 'locals' | 'startedBy' | 'startAt' | 'toArm' | 'loop')
>;

/** Field by field: V8 gives every copy made by spreading a hidden class of its own, and everything that reads it is slower. */
function copyOf(token: EveryFieldOfToken): WorkingToken {
  const { id, elementId, scopeId, visit, phase, arrivedBy, armed, waits, answers, result } = token;
  const { todo, locals, startedBy, startAt, toArm, loop } = token;
  const copy: WorkingToken = { id, elementId, scopeId, visit, phase, arrivedBy, armed, waits, answers, result };
  if (todo !== undefined) copy.todo = todo;
  if (locals !== undefined) copy.locals = locals;
  if (startedBy !== undefined) copy.startedBy = startedBy;
  if (startAt !== undefined) copy.startAt = startAt;
  if (toArm !== undefined) copy.toArm = toArm;
  if (loop?.output !== undefined) copy.loop = { ...loop, output: [...loop.output] };
  else if (loop !== undefined) copy.loop = { ...loop } as WorkingLoop;
  return copy;
}
