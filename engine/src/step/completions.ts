import type { Compensable, Scope } from '../instance-state.js';
import type { RisingList } from './rising-list.js';

/** What an instance remembers of completed activities, to compensate them: in each scope a list, in the order of completion. */
export class Completions {
  /** Lists that the step has made, and may add to. */
  private readonly own = new Set<readonly Compensable[]>();
  private known: number | null = null;

  constructor(private readonly scopes: RisingList<Scope>) {}

  /** All that the instance remembers, runs and what lies in completed subprocesses included. */
  get count(): number {
    this.known ??= this.scopes.all().reduce((count, { compensables = [] }) => count + countOf(compensables), 0);
    return this.known;
  }

  add(scope: Scope, more: readonly Compensable[]): void {
    const { compensables = [] } = scope;
    if (this.own.has(compensables)) for (const one of more) (compensables as Compensable[]).push(one);
    else this.put(scope, [...compensables, ...more]);
    if (this.known !== null) this.known += countOf(more);
  }

  set(scope: Scope, compensables: readonly Compensable[]): void {
    if (this.known !== null) this.known += countOf(compensables) - countOf(scope.compensables ?? []);
    this.put(scope, [...compensables]);
  }

  private put(scope: Scope, compensables: readonly Compensable[]): void {
    const { compensables: _, ...rest } = scope;
    this.own.add(compensables);
    this.scopes.replace(compensables.length === 0 ? rest : { ...rest, compensables });
  }
}

const countOf = (compensables: readonly Compensable[]): number =>
  compensables.reduce((count, { inner }) => count + 1 + (inner === undefined ? 0 : countOf(inner)), 0);
