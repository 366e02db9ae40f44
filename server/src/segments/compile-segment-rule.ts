import type { SegmentRule } from '@xflow/schemas';
import { invariant } from '../invariant.js';
import type { Operator } from './check-segment-leaf.js';
import { maxExpandedDepth } from './segment-references.js';
import { comparators, jsonComparison, numberOf } from './json-comparison.js';
import type { SqlParameters } from './sql-parameters.js';

/** How the statement around the rules names the time as of which a row is judged. */
export interface RuleFrame {
  /** SQL of the row's time: events after it have not happened. */
  readonly at: () => string;
  /** SQL of the beginning of a window (ISO 8601 duration) that ends at the row's time. */
  readonly windowStart: (window: string) => string;
}

/** An aggregation over the events of one user: `SELECT value FROM user_event e WHERE conditions`. */
export interface EventAggregate {
  /** Of the subquery, whose one column is `value`; the statement joins it to every row. */
  readonly name: string;
  readonly value: string;
  readonly conditions: readonly string[];
}

/**
 * A rule as SQL. `condition` reads `u`, the row of user_profile (all null where the user has none), and the aggregates
 * by their names; it is true or false, never null. Equal aggregates of several rules of one statement are computed once.
 */
export class SegmentRuleCompiler {
  private readonly byIdentity = new Map<string, EventAggregate>();

  constructor(
    private readonly frame: RuleFrame,
    private readonly segments: ReadonlyMap<string, SegmentRule>,
    private readonly parameters: SqlParameters,
  ) {}

  /** What the conditions compiled so far read about events. */
  get aggregates(): readonly EventAggregate[] {
    return [...this.byIdentity.values()];
  }

  condition(rule: SegmentRule, depth = 0): string {
    // Every stored rule passed the checks, which bound depth and forbid cycles.
    invariant(depth <= maxExpandedDepth, 'Expected rules that end.');
    if (rule.all !== undefined) return this.join(rule.all, ' AND ', depth);
    if (rule.any !== undefined) return this.join(rule.any, ' OR ', depth);
    if (rule.not !== undefined) return `(NOT ${this.condition(rule.not, depth + 1)})`;
    if (rule.tag !== undefined) return `((${this.parameters.add(rule.tag, 'text')} = ANY (u.tags)) IS TRUE)`;
    if (rule.stage !== undefined) return `((u.stage = ${this.parameters.add(rule.stage, 'text')}) IS TRUE)`;
    if (rule.tier !== undefined) return `((u.tier = ${this.parameters.add(rule.tier, 'text')}) IS TRUE)`;
    if (rule.segment !== undefined) {
      const inner = this.segments.get(rule.segment);
      invariant(inner !== undefined, `Expected the segment ${rule.segment} among those loaded.`);
      return this.condition(inner, depth + 1);
    }
    if (rule.attribute !== undefined) {
      invariant(rule.operator !== undefined, 'Expected the operator of an attribute.');
      const json = `(u.attributes -> ${this.parameters.add(rule.attribute, 'text')})`;
      return jsonComparison(json, rule.operator, rule.value, this.parameters);
    }
    return this.eventCondition(rule);
  }

  private join(rules: readonly SegmentRule[], operator: string, depth: number): string {
    return `(${rules.map((rule) => this.condition(rule, depth + 1)).join(operator)})`;
  }

  private eventCondition(rule: SegmentRule): string {
    const aggregate = rule.aggregate ?? 'count';
    const column = `${this.aggregateOf(rule).name}.value`;
    // No events: nothing was counted or summed, and that is 0; there is no average, extreme or last time of nothing.
    const value = aggregate === 'count' || aggregate === 'sum' ? `coalesce(${column}, 0)` : column;
    const operator = rule.operator ?? 'exists';
    const wanted = rule.value;
    if (operator === 'exists') {
      const exists = aggregate === 'count' ? `(${value} > 0)` : `(${column} IS NOT NULL)`;
      return wanted === false ? `(NOT ${exists})` : exists;
    }
    if (operator === 'in') {
      const numbers = (wanted as readonly number[]).map(String);
      return `((${value} = ANY (${this.parameters.add(numbers, 'numeric[]')})) IS TRUE)`;
    }
    const number = this.parameters.add(String(wanted), 'numeric');
    if (operator === 'ne') return `((${value} = ${number}) IS NOT TRUE)`;
    invariant(operator in comparators, `Expected an operator of events, not ${operator}.`);
    return `((${value} ${comparators[operator as keyof typeof comparators]} ${number}) IS TRUE)`;
  }

  private aggregateOf(rule: SegmentRule): EventAggregate {
    const identity = JSON.stringify([rule.event, rule.aggregate ?? 'count', rule.of, rule.window, rule.where]);
    const known = this.byIdentity.get(identity);
    if (known !== undefined) return known;
    const aggregate = {
      name: `events_${this.byIdentity.size}`,
      value: this.aggregateSql(rule),
      conditions: [
        `e.name = ${this.parameters.add(rule.event, 'text')}`,
        `e.at <= ${this.frame.at()}`,
        ...(rule.window === undefined ? [] : [`e.at >= ${this.frame.windowStart(rule.window)}`]),
        ...this.whereConditions(rule.where ?? {}),
      ],
    };
    this.byIdentity.set(identity, aggregate);
    return aggregate;
  }

  private aggregateSql(rule: SegmentRule): string {
    const aggregate = rule.aggregate ?? 'count';
    switch (aggregate) {
      case 'count':
        return 'count(*)';
      case 'sum':
      case 'avg':
      case 'min':
      case 'max':
        return `${aggregate}(${numberOf(`(e.properties -> ${this.parameters.add(rule.of, 'text')})`)})`;
      case 'daysSinceLast':
        return `extract(epoch FROM ${this.frame.at()} - max(e.at)) / 86400`;
      case 'daysSinceFirst':
        return `extract(epoch FROM ${this.frame.at()} - min(e.at)) / 86400`;
    }
  }

  private whereConditions(where: Readonly<Record<string, unknown>>): string[] {
    return Object.entries(where).map(([name, wanted]) => {
      const json = `(e.properties -> ${this.parameters.add(name, 'text')})`;
      if (Array.isArray(wanted)) return jsonComparison(json, 'in', wanted, this.parameters);
      if (typeof wanted !== 'object' || wanted === null) return jsonComparison(json, 'eq', wanted, this.parameters);
      const { operator, value } = wanted as { operator: Operator; value?: unknown };
      return jsonComparison(json, operator, value, this.parameters);
    });
  }
}
