import type { SequenceFlow } from '../definition.js';
import type { FlowNode } from '../flow-node.js';
import type { InstanceState, Token, Wait } from '../instance-state.js';
import { invariant } from '../invariant.js';
import { RisingList } from './rising-list.js';
import { indexedFrom, TokenIndex } from './token-index.js';
import { workingCopyOf, type WorkingToken } from './working-token.js';

/** The tokens of one instance during a step, and what they wait for; a token is copied when first touched. */
export class WorkingTokens {
  protected lastId: number;
  private readonly tokenList: RisingList<Token>;
  /** Tokens that are the step's own; null: there were so few before that comparing with those is faster. */
  private readonly own: Set<Token> | null;
  /** Null: not asked for yet. */
  private index: TokenIndex | null;
  private mayAsk: boolean;

  constructor(readonly before: InstanceState) {
    this.lastId = before.lastId;
    this.tokenList = new RisingList(before.tokens);
    this.own = before.tokens.length > 8 ? new Set() : null;
    this.index = TokenIndex.keptFor(before.tokens);
    // Only a step that asked has not come to rest.
    this.mayAsk = before.burst > 0;
  }

  newId(kind: string): string {
    this.lastId += 1;
    return `${kind}-${this.lastId}`;
  }

  /** In the order of their ids; valid until the next change. */
  get tokens(): readonly Token[] {
    return this.tokenList.all();
  }

  get tokenCount(): number {
    return this.tokenList.size;
  }

  /** The tokens of the state after the step. */
  protected keepTokens(): readonly Token[] {
    this.index?.keepFor(this.tokens);
    return this.tokens;
  }

  /** Whether a token waits for the answer to a question. */
  protected isAsking(): boolean {
    return this.mayAsk && this.tokens.some(({ waits }) => waits.some(({ kind }) => kind === 'question'));
  }

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
    const copy = workingCopyOf(token);
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

  removeToken(token: Token): void {
    invariant(
      this.tokenList.find(token.id) === token,
      () => `Expected token ${token.id} among those of instance ${this.before.instanceId}.`,
    );
    this.tokenList.delete(token.id);
    this.index?.remove(token);
  }

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
}
