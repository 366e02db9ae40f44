import type { Token, Wait } from '../instance-state.js';
import { inOrder } from './rising-list.js';

/** Fewer tokens than these are searched faster than an index is built. */
export const indexedFrom = 64;

/** The index that fits exactly these tokens, so that steps that follow each other need not build it anew. */
const kept = new WeakMap<readonly Token[], TokenIndex>();

/**
 * Finds the tokens of one instance by scope, by join and by what they wait for, at a cost that does not grow with their number. It
 * holds ids, because tokens are copied when they change. It may still name a token that has gone on, so that who asks looks at the token.
 */
export class TokenIndex {
  private readonly scopes = new Groups();
  private readonly joins = new Groups();
  private readonly waits = new Groups();
  private home: readonly Token[] | null = null;

  /** What was kept for these tokens; null: nothing. */
  static keptFor(tokens: readonly Token[]): TokenIndex | null {
    return tokens.length < indexedFrom ? null : (kept.get(tokens) ?? null);
  }

  /** Null where there are so few tokens that searching them is faster. */
  static of(tokens: readonly Token[]): TokenIndex | null {
    if (tokens.length < indexedFrom) return null;
    const index = new TokenIndex();
    for (const token of tokens) index.add(token);
    return index;
  }

  /** From now on the index of these tokens. */
  keepFor(tokens: readonly Token[]): void {
    // What is left of tokens long gone must not pile up.
    if (tokens.length < indexedFrom || this.waits.size > 4 * tokens.length) return;
    this.leaveHome();
    this.home = tokens;
    kept.set(tokens, this);
  }

  add(token: Token): void {
    this.leaveHome();
    this.scopes.add(token.scopeId, token.id);
    for (const wait of token.waits) this.addWait(token, wait);
  }

  remove(token: Token): void {
    this.leaveHome();
    this.scopes.delete(token.scopeId, token.id);
    for (const wait of token.waits) this.dropWait(token, wait);
  }

  addWait(token: Token, { id, kind }: Wait): void {
    this.leaveHome();
    if (kind === 'join') this.joins.add(joinKey(token.scopeId, token.elementId), token.id);
    else this.waits.add(id, token.id);
  }

  dropWait(token: Token, { id, kind }: Wait): void {
    this.leaveHome();
    if (kind === 'join') this.joins.delete(joinKey(token.scopeId, token.elementId), token.id);
    else this.waits.delete(id, token.id);
  }

  countInScope(scopeId: string): number {
    return this.scopes.count(scopeId);
  }

  /** All lists of ids are in their order. */
  inScope(scopeId: string): readonly string[] {
    return this.scopes.in(scopeId);
  }

  countAtJoin(scopeId: string, elementId: string): number {
    return this.joins.count(joinKey(scopeId, elementId));
  }

  atJoin(scopeId: string, elementId: string): readonly string[] {
    return this.joins.in(joinKey(scopeId, elementId));
  }

  waitingFor(waitId: string): readonly string[] {
    return this.waits.in(waitId);
  }

  /** The state it was kept for stays as it is, and may be gone on from once more. */
  private leaveHome(): void {
    if (this.home === null) return;
    kept.delete(this.home);
    this.home = null;
  }
}

/** Ids by key. Most keys have one id, which needs no set. */
class Groups {
  private readonly groups = new Map<string, string | Set<string>>();

  get size(): number {
    return this.groups.size;
  }

  add(key: string, id: string): void {
    const group = this.groups.get(key);
    if (group === undefined) this.groups.set(key, id);
    else if (typeof group !== 'string') group.add(id);
    else if (group !== id) this.groups.set(key, new Set([group, id]));
  }

  delete(key: string, id: string): void {
    const group = this.groups.get(key);
    if (group === undefined) return;
    if (typeof group === 'string' ? group === id : group.delete(id) && group.size === 0) this.groups.delete(key);
  }

  count(key: string): number {
    const group = this.groups.get(key);
    if (group === undefined) return 0;
    return typeof group === 'string' ? 1 : group.size;
  }

  in(key: string): readonly string[] {
    const group = this.groups.get(key);
    if (group === undefined) return [];
    return typeof group === 'string' ? [group] : inOrder(group);
  }
}

const joinKey = (scopeId: string, elementId: string) => `${scopeId} ${elementId}`;
