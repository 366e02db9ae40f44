import type { UserEvent } from '@xflow/schemas';
import { DateTime } from 'luxon';
import { CommandError, exitCode } from '../command-error.js';
import type { MappedCondition, MappedEvent, MappedTime, MappedValue, Mapping, ValueType } from './mapping.js';
import type { Row } from './row-source.js';

/** A line of `POST /users/bulk`. */
export interface MappedUser {
  readonly id: string;
  readonly attributes?: Readonly<Record<string, Scalar>>;
  readonly tags?: readonly string[];
}

export type MappedRow =
  | {
      readonly ok: true;
      readonly user: MappedUser;
      /** Null: the mapping has none, or `when` is not met. */ readonly event: UserEvent | null;
    }
  /** The same for all rows that fail for the same reason, so that they can be counted. */
  | { readonly ok: false; readonly reason: string };
export type RowMapper = (row: Row) => MappedRow;

type Scalar = string | number | boolean;
type Cell = (row: Row) => unknown;
/** Undefined: absent. Throws {@link BadCell}. */
type Read = (row: Row, userId: string) => Scalar | undefined;

/** The row is bad: `message` says why. */
class BadCell extends Error {}

/** Parsed times kept; the rows of an order have the same time, and parsing is dear. */
const cachedTimes = 10_000;

/**
 * Prepares a mapping for the columns of a file.
 * @param columns Null where every row names its own (NDJSON; a dot looks into nested objects).
 * @param fileId Stands before the line in the id of events whose mapping has no `id`.
 */
export function compileMapping(mapping: Mapping, columns: readonly string[] | null, fileId: string): RowMapper {
  const compiler = new Compiler(columns);
  const userId = compiler.value(mapping.user.id, 'user.id');
  const attributes = compiler.values(mapping.user.attributes);
  const event = mapping.event && compileEvent(mapping.event, compiler, fileId);
  compiler.refuseUnknownColumns();
  const { tags, id: idOf } = mapping.user;
  const noUser = `${'column' in idOf ? idOf.column : 'The id of the user'} is empty`;

  return (row) => {
    if ('unreadable' in row) return { ok: false, reason: row.unreadable };
    try {
      const key = userId(row, '');
      // Returned, not thrown: in real files many rows have no user, and an error costs a stack trace.
      if (key === undefined) return { ok: false, reason: noUser };
      const id = String(key);
      const user: MappedUser = {
        id,
        ...(attributes.length === 0 ? {} : { attributes: collect(attributes, row, id) }),
        ...(tags.length === 0 ? {} : { tags }),
      };
      return { ok: true, user, event: event?.(row, id) ?? null };
    } catch (error) {
      if (error instanceof BadCell) return { ok: false, reason: error.message };
      throw error;
    }
  };
}

function compileEvent(event: MappedEvent, compiler: Compiler, fileId: string) {
  const name = compiler.value(event.name, 'event.name');
  const at = compiler.time(event.at);
  const properties = compiler.values(event.properties);
  const id = event.id === undefined ? null : compiler.value({ template: event.id }, 'event.id');
  const when = event.when === undefined ? () => true : compiler.condition(event.when);

  return (row: Row, userId: string): UserEvent | null => {
    if (!when(row)) return null;
    return {
      userId,
      name: String(required(name(row, userId), 'The name of the event')),
      at: at(row),
      id: id === null ? `${fileId}:${row.line}` : String(required(id(row, userId), 'The id of the event')),
      ...(properties.length === 0 ? {} : { properties: collect(properties, row, userId) }),
    };
  };
}

function collect(values: readonly (readonly [string, Read])[], row: Row, userId: string): Record<string, Scalar> {
  const found: Record<string, Scalar> = Object.create(null) as Record<string, Scalar>;
  for (const [name, read] of values) {
    const value = read(row, userId);
    if (value !== undefined) found[name] = value;
  }
  return found;
}

function required(value: Scalar | undefined, what: string): Scalar {
  if (value === undefined) throw new BadCell(`${what} is empty`);
  return value;
}

/** Turns the parts of a mapping into functions over rows, and gathers the columns that the file lacks. */
class Compiler {
  readonly #unknown = new Set<string>();

  constructor(readonly columns: readonly string[] | null) {}

  refuseUnknownColumns(): void {
    if (this.#unknown.size === 0) return;
    const missing = [...this.#unknown].map((column) => `"${column}"`).join(', ');
    throw new CommandError(
      `The file has no column ${missing}, which the mapping names. Its columns are: ${this.columns!.join(', ')}.`,
      exitCode.usage,
    );
  }

  values(values: Readonly<Record<string, MappedValue>>): (readonly [string, Read])[] {
    return Object.entries(values).map(([name, value]) => [name, this.value(value, name)] as const);
  }

  value(value: MappedValue, path: string): Read {
    if ('constant' in value) return () => value.constant;
    if ('template' in value) return this.#template(value.template, path);
    if ('product' in value) return this.#product(value.product);
    const cell = this.#cell(value.column);
    const convert = converters[value.type ?? (this.columns === null ? 'any' : 'string')];
    return (row) => {
      const content = cell(row);
      return isEmpty(content) ? undefined : convert(content, value.column);
    };
  }

  time({ column, format, zone }: MappedTime): (row: Row) => string {
    const cell = this.#cell(column);
    const parse = timeParser(format, zone);
    const cache = new Map<unknown, string>();
    return (row) => {
      const content = cell(row);
      const known = cache.get(content);
      if (known !== undefined) return known;
      if (isEmpty(content)) throw new BadCell(`${column} is empty`);
      const time = parse(String(content)).toUTC().toISO();
      if (time === null) throw new BadCell(`${column} is not a time of the format ${format}`);
      if (cache.size >= cachedTimes) cache.clear();
      cache.set(content, time);
      return time;
    };
  }

  condition({ column, operator, value }: MappedCondition): (row: Row) => boolean {
    const cell = this.#cell(column);
    if (operator === 'exists') return (row) => !isEmpty(cell(row));
    const compare = comparisons[operator];
    const type = typeof value as 'string' | 'number' | 'boolean';
    return (row) => {
      const content = cell(row);
      return !isEmpty(content) && compare(converters[type](content, column), value!);
    };
  }

  #product(columns: readonly string[]): Read {
    const cells = columns.map((column) => [column, this.#cell(column)] as const);
    return (row) => {
      let product = 1;
      let decimals = 0;
      for (const [column, cell] of cells) {
        const content = cell(row);
        if (isEmpty(content)) throw new BadCell(`${column} is empty`);
        product *= converters.number(content, column) as number;
        decimals += decimalsOf(String(content));
      }
      // 6 * 2.55 is 15.299999999999999 in binary; a product has no more decimals than its factors together.
      return decimals > 20 ? product : Number(product.toFixed(decimals));
    };
  }

  #template(template: string, path: string): Read {
    const parts = template.split(/\{([^{}]+)\}/).map((part, index): ((row: Row, userId: string) => unknown) => {
      if (index % 2 === 0) return () => part;
      if (part === 'line') return (row) => row.line;
      if (part === 'user' && path !== 'user.id') return (_row, userId) => userId;
      return this.#cell(part);
    });
    return (row, userId) => parts.map((part) => textOf(part(row, userId))).join('');
  }

  #cell(column: string): Cell {
    if (this.columns === null) return (row) => ('document' in row ? lookUp(row.document, column) : undefined);
    const index = this.columns.indexOf(column);
    if (index === -1) this.#unknown.add(column);
    return (row) => ('cells' in row ? row.cells[index] : undefined);
  }
}

const isEmpty = (content: unknown): boolean => content === undefined || content === null || content === '';
const textOf = (content: unknown): string =>
  isEmpty(content) ? '' : typeof content === 'object' ? JSON.stringify(content) : String(content);

function lookUp(document: Readonly<Record<string, unknown>>, column: string): unknown {
  if (Object.hasOwn(document, column)) return document[column];
  return column.split('.').reduce<unknown>((at, name) => {
    return typeof at === 'object' && at !== null && Object.hasOwn(at, name)
      ? (at as Record<string, unknown>)[name]
      : undefined;
  }, document);
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const truths: Readonly<Record<string, boolean>> = { true: true, yes: true, 1: true, false: false, no: false, 0: false };

const converters: Readonly<Record<ValueType | 'any', (content: unknown, column: string) => Scalar>> = {
  any: (content) => (typeof content === 'object' ? JSON.stringify(content) : (content as Scalar)),
  string: textOf,
  number: (content, column) => {
    const text = String(content).trim();
    const number = Number(text);
    if (!decimal.test(text) || !Number.isFinite(number)) throw new BadCell(`${column} is not a number`);
    return number;
  },
  integer: (content, column) => {
    const number = Number(String(content).trim());
    if (!Number.isSafeInteger(number)) throw new BadCell(`${column} is not a whole number`);
    return number;
  },
  boolean: (content, column) => {
    const truth = truths[String(content).trim().toLowerCase()];
    if (truth === undefined) throw new BadCell(`${column} is neither true nor false`);
    return truth;
  },
};

const comparisons = {
  eq: (left: Scalar, right: Scalar) => left === right,
  ne: (left: Scalar, right: Scalar) => left !== right,
  gt: (left: Scalar, right: Scalar) => left > right,
  gte: (left: Scalar, right: Scalar) => left >= right,
  lt: (left: Scalar, right: Scalar) => left < right,
  lte: (left: Scalar, right: Scalar) => left <= right,
  startsWith: (left: Scalar, right: Scalar) => String(left).startsWith(String(right)),
};

function timeParser(format: string, zone: string): (text: string) => DateTime {
  if (format === 'iso') return (text) => DateTime.fromISO(text.trim(), { zone });
  if (format === 'unixSeconds') return (text) => DateTime.fromMillis(Number(text) * 1_000);
  if (format === 'unixMilliseconds') return (text) => DateTime.fromMillis(Number(text));
  return (text) => DateTime.fromFormat(text.trim(), format, { zone, locale: 'en' });
}

function decimalsOf(number: string): number {
  const exponent = number.search(/e/i);
  const mantissa = exponent === -1 ? number : number.slice(0, exponent);
  const point = mantissa.indexOf('.');
  const decimals = point === -1 ? 0 : mantissa.trimEnd().length - point - 1;
  return Math.max(0, exponent === -1 ? decimals : decimals - Number(number.slice(exponent + 1)));
}
