import type { ProblemDetail } from './problem-error.js';

/** Deepest nesting of objects and lists that a request may carry. */
export const maxDepth = 64;
const maxProblems = 100;

/**
 * What in a parsed JSON value cannot be kept: nesting beyond {@link maxDepth}, numbers beyond all numbers, and text that PostgreSQL refuses (the
 * character U+0000, halves of surrogate pairs). Iterative: hostile nesting costs no stack.
 */
export function jsonBoundsProblems(value: unknown, path = '$'): ProblemDetail[] {
  const problems: ProblemDetail[] = [];
  const open: { value: unknown; path: string; depth: number }[] = [{ value, path, depth: 0 }];
  for (let next = open.pop(); next !== undefined && problems.length < maxProblems; next = open.pop()) {
    if (typeof next.value === 'string') {
      problems.push(...textProblems(next.value, next.path));
    } else if (isEndless(next.value)) {
      problems.push({
        field: next.path,
        message: 'The number is larger than any that can be kept.',
        remedy: 'Send a number up to 1.7976931348623157e308, or a text.',
      });
    } else if (typeof next.value === 'object' && next.value !== null) {
      if (next.depth >= maxDepth) {
        problems.push({
          field: next.path.length > 200 ? `${next.path.slice(0, 200)}...` : next.path,
          message: `The value is nested deeper than ${maxDepth} levels.`,
          remedy: 'Send a flatter value.',
        });
        continue;
      }
      const list = Array.isArray(next.value);
      for (const [key, inner] of Object.entries(next.value)) {
        const at = list ? `${next.path}[${key}]` : fieldPath(next.path, key);
        if (!list) problems.push(...textProblems(key, at));
        if (typeof inner === 'string' || typeof inner === 'object' || isEndless(inner)) {
          open.push({ value: inner, path: at, depth: next.depth + 1 });
        }
      }
    }
  }
  return problems;
}

/** A number beyond the largest one is read as infinity, which JSON cannot say. */
const isEndless = (value: unknown): boolean => value === Infinity || value === -Infinity;

/** JSONPath (RFC 9535) of a member of the value at `path`. */
export function fieldPath(path: string, key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

function textProblems(text: string, field: string): ProblemDetail[] {
  if (text.includes('\u0000')) {
    return [{ field, message: 'The text holds the character U+0000, which cannot be kept.', remedy: 'Take it out.' }];
  }
  if (/\p{Surrogate}/u.test(text)) {
    return [
      {
        field,
        message: 'The text holds half of a surrogate pair, which is not valid Unicode.',
        remedy: 'Send valid UTF-8.',
      },
    ];
  }
  return [];
}
