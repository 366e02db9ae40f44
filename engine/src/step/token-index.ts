import type { Token, Wait } from '../instance-state.js';

/** Fewer tokens than these are searched faster than an index is built. */
const indexedFrom = 64;

/** The index that fits exactly these tokens, so that steps that follow each other need not build it anew. */
const kept = new WeakMap<readonly Token[], TokenIndex>();

/**
 * Finds the tokens of one instance by scope, by join and by what they wait for, at a cost that does not grow with their number. It
 * holds ids, because tokens are copied when they change. It may still name a token that has gone on, so that who asks looks at the token.
 */
export class TokenIndex {
  private readonly groups = new Map<string, Set<string>>();
  private home: readonly Token[] | null = null;

  /** Null where there are so few tokens that searching them is faster. */
  static of(tokens: readonly Token[]): TokenIndex | null {
    if (tokens.length < indexedFrom) return null;
    const found = kept.get(tokens);
    if (found !== undefined) return found;
    const index = new TokenIndex();
    for (const token of tokens) index.add(token);
    return index;
  }

  /** From now on the index of these tokens. */
  keepFor(tokens: readonly Token[]): void {
    // What is left of tokens long gone must not pile up.
    if (tokens.length < indexedFrom || this.groups.size > 4 * tokens.length) return;
    this.home = tokens;
    kept.set(tokens, this);
  }

  add(token: Token): void {
    this.leaveHome();
    this.put(scopeKey(token.scopeId), token.id);
    for (const wait of token.waits) this.addWait(token, wait);
  }

  remove(token: Token): void {
    this.leaveHome();
    this.take(scopeKey(token.scopeId), token.id);
    this.take(joinKey(token.scopeId, token.elementId), token.id);
    for (const { id } of token.waits) this.take(waitKey(id), token.id);
  }

  addWait(token: Token, { id, kind }: Wait): void {
    this.leaveHome();
    this.put(kind === 'join' ? joinKey(token.scopeId, token.elementId) : waitKey(id), token.id);
  }

  dropWait(token: Token, { id, kind }: Wait): void {
    this.leaveHome();
    this.take(kind === 'join' ? joinKey(token.scopeId, token.elementId) : waitKey(id), token.id);
  }

  inScope(scopeId: string): ReadonlySet<string> {
    return this.groups.get(scopeKey(scopeId)) ?? none;
  }
  atJoin(scopeId: string, elementId: string): ReadonlySet<string> {
    return this.groups.get(joinKey(scopeId, elementId)) ?? none;
  }
  waitingFor(waitId: string): ReadonlySet<string> {
    return this.groups.get(waitKey(waitId)) ?? none;
  }

  /** The state it was kept for stays as it is, and may be gone on from once more. */
  private leaveHome(): void {
    if (this.home === null) return;
    kept.delete(this.home);
    this.home = null;
  }

  private put(key: string, tokenId: string): void {
    const group = this.groups.get(key);
    if (group === undefined) this.groups.set(key, new Set([tokenId]));
    else group.add(tokenId);
  }

  private take(key: string, tokenId: string): void {
    const group = this.groups.get(key);
    if (group?.delete(tokenId) === true && group.size === 0) this.groups.delete(key);
  }
}

const none: ReadonlySet<string> = new Set();
const scopeKey = (scopeId: string) => `in ${scopeId}`;
const joinKey = (scopeId: string, elementId: string) => `join ${scopeId} ${elementId}`;
const waitKey = (waitId: string) => `wait ${waitId}`;
