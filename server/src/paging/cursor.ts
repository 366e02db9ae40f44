import { InvalidRequestError } from '../http-problems/problem-error.js';
import { isUuid } from '../instances/is-uuid.js';

/** What a part of a key is: `time` is milliseconds since 1970 as PostgreSQL and JavaScript can both tell them. */
export type CursorPart = 'string' | 'number' | 'time' | 'uuid';

/** The last time that JavaScript knows. Stands for never. */
export const endOfTime = 8_640_000_000_000_000;

/**
 * A cursor is where a page ended: the sort key of its last item. Opaque to callers, and so is kept out of their way as
 * base64url. Paging by key stays exact and equally fast on every page, whatever is inserted meanwhile.
 */
export function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/**
 * @param shape type of each part of the key
 * @throws InvalidRequestError when the cursor did not come from {@link encodeCursor} with a key of this shape
 */
export function decodeCursor(cursor: string, shape: readonly CursorPart[]): (string | number)[] {
  let key: unknown = null;
  try {
    key = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    // Told below, like any other cursor that was not handed out.
  }
  if (Array.isArray(key) && key.length === shape.length && key.every((part, index) => fits(part, shape[index]))) {
    return key as (string | number)[];
  }
  throw new InvalidRequestError([
    {
      field: '$.cursor',
      message: 'The cursor is not one that this route handed out.',
      remedy: 'Pass nextCursor of the page before, or leave the cursor out for the first page.',
    },
  ]);
}

function fits(part: unknown, type: CursorPart | undefined): boolean {
  if (type === 'number') return Number.isSafeInteger(part);
  if (type === 'time') return Number.isSafeInteger(part) && (part as number) >= 0 && (part as number) <= endOfTime;
  if (type === 'uuid') return typeof part === 'string' && isUuid(part);
  return typeof part === 'string' && !part.includes('\u0000');
}

/**
 * A page out of rows that were read with one row more than the page holds.
 * @param keyOf the sort key of a row
 */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => readonly (string | number)[],
): { rows: readonly Row[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null };
}
