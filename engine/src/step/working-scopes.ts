import type { InstanceState, Scope, Token } from '../instance-state.js';
import { invariant } from '../invariant.js';
import type { Variables } from '../json.js';
import { Completions } from './completions.js';
import { RisingList } from './rising-list.js';
import { WorkingTokens } from './working-tokens.js';

/** The scopes of one instance during a step, with the tokens in them: the processes and subprocesses that run, their variables, and what they remember. */
export class WorkingScopes extends WorkingTokens {
  protected readonly scopeList: RisingList<Scope>;
  private ownCompletions: Completions | null = null;

  constructor(before: InstanceState) {
    super(before);
    this.scopeList = new RisingList(before.scopes);
  }

  /** In the order of their ids, the root scope first; valid until the next change. */
  get scopes(): readonly Scope[] {
    return this.scopeList.all();
  }

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
  protected enclosing(scopeId: string): readonly Scope[] {
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
}
