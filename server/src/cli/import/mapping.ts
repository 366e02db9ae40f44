/**
 * How the rows of a file become users and events. Described for its writers in docs/cli.md.
 * A plain string in the place of a value is short for `{ "column": string }`.
 */
export interface Mapping {
  /** Default: told from the file's name. */
  readonly format?: 'csv' | 'ndjson';
  /** Of CSV; default `,`. */
  readonly delimiter?: string;
  readonly user: {
    readonly id: MappedValue;
    readonly attributes: Readonly<Record<string, MappedValue>>;
    readonly tags: readonly string[];
  };
  readonly event?: MappedEvent;
}

export interface MappedEvent {
  readonly name: MappedValue;
  /** Template of a deterministic id; default: one of the file's content and the line, so that repeats are harmless. */
  readonly id?: string;
  readonly at: MappedTime;
  readonly properties: Readonly<Record<string, MappedValue>>;
  /** Rows that do not meet it bring their user, but no event. */
  readonly when?: MappedCondition;
}

export type MappedValue =
  /** A cell. Empty ones count as absent. */
  | { readonly column: string; readonly type?: ValueType }
  /** The product of numeric cells, exact to their decimals. */
  | { readonly product: readonly string[] }
  | { readonly constant: string | number | boolean }
  /** Text with `{column}`, `{line}` and, outside of user.id, `{user}`. */
  | { readonly template: string };
export type ValueType = 'string' | 'number' | 'integer' | 'boolean';

export interface MappedTime {
  readonly column: string;
  /** `iso` (default, ISO 8601), `unixSeconds`, `unixMilliseconds`, or tokens of Luxon such as `yyyy-MM-dd HH:mm:ss`. */
  readonly format: string;
  /** IANA zone of times that name none; default UTC. */
  readonly zone: string;
}

export interface MappedCondition {
  readonly column: string;
  readonly operator: ConditionOperator;
  /** Numbers compare as numbers, text as text; not with `exists`. */
  readonly value?: string | number | boolean;
}
export const conditionOperators = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'startsWith', 'exists'] as const;
export type ConditionOperator = (typeof conditionOperators)[number];
