import { FeelDate, FeelDateTime, FeelDuration, FeelTime, isRange } from 'feelin';
import type { RE2JS } from 're2js';

/** Work that one evaluation may do: about this many parts of the expression are evaluated, and parts of values touched. A twentieth of a second. */
const maxWork = 250_000;
/** Work done so far, and how much of it is allowed. */
export interface Meter {
  work: number;
  readonly limit: number;
}

/** Work of making a date, a time or a duration, and of comparing one. */
export const temporalWork = 200;
const temporalComparison = 60;
/** Work for each part of a value that is compared, and for each element that a property is taken from. */
const partWork = 2;
const elementWork = 4;

/** Parts of one value; 16 characters of a string count as one. */
const maxSize = 100_000;

/**
 * Counts what an evaluation does, instead of watching a clock: the outcome is the same on every machine. Throws when it is too much.
 * Values are trees on paper, but may share their parts: `{a: [1], b: [a, a], c: [b, b], ...}` doubles with every entry.
 */
export class Budget {
  private readonly sizes = new WeakMap<object, number>();
  /** Those that this evaluation compiled: a pattern costs its compilation once. */
  readonly patterns = new Map<string, RE2JS>();

  /**
   * @param cost parts of the expression that a repetition may evaluate
   * @param meter what was done so far; shared by the expressions of one decision
   */
  constructor(
    private readonly cost: number,
    private readonly meter: Meter = { work: 0, limit: maxWork },
  ) {}

  spend(work: number): void {
    this.meter.work += work;
    if (this.meter.work > this.meter.limit) throw new Error('it takes more steps than allowed.');
  }

  /** Before something is done for each of the elements. */
  each<T>(list: T): T {
    const length = Array.isArray(list) ? list.length : isRange(list) ? rangeLength(list) : 1;
    this.spend((length + 1) * this.cost);
    return list;
  }

  /** A body of a function was evaluated. */
  step<T>(value: T): T {
    this.spend(this.cost);
    return this.sized(value);
  }

  /** A value was made. */
  sized<T>(value: T): T {
    this.spend(typeof value === 'string' ? this.sizeOf(value) : isTemporal(value) ? temporalWork : 1);
    if (this.sizeOf(value) > maxSize) throw new Error('it makes a value that is larger than allowed.');
    return value;
  }

  /** Arguments are about to be walked through by a built-in function, with so much work for each part. */
  given(values: readonly unknown[], work = 1): void {
    for (const value of values) this.spend(this.sizeOf(value) * work);
  }

  /** A value is about to be compared with another, in all of its parts. */
  compared<T>(value: T): T {
    this.spend(isTemporal(value) ? temporalComparison : this.sizeOf(value) * partWork);
    return value;
  }

  /** A property is about to be taken from the value, and from all elements where it is a list. */
  walked<T>(value: T): T {
    this.spend(Array.isArray(value) ? value.length * elementWork : 1);
    return value;
  }

  private sizeOf(value: unknown): number {
    if (typeof value === 'string') return 1 + (value.length >>> 4);
    if (typeof value !== 'object' || value === null) return 1;
    const known = this.sizes.get(value);
    if (known !== undefined) return known;
    let size = 1;
    for (const part of Array.isArray(value) ? value : Object.values(value)) size += this.sizeOf(part);
    this.sizes.set(value, size);
    return size;
  }
}

const isTemporal = (value: unknown): boolean =>
  value instanceof FeelDate ||
  value instanceof FeelTime ||
  value instanceof FeelDateTime ||
  value instanceof FeelDuration;

function rangeLength(range: { readonly start: unknown; readonly end: unknown }): number {
  const { start, end } = range;
  if (typeof start !== 'number' || typeof end !== 'number') return maxSize;
  // Steps of one would never meet another end.
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end))
    throw new Error('it walks through a range whose ends are no whole numbers.');
  return Math.abs(end - start) + 1;
}
