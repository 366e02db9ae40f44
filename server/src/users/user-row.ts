import type { Json } from '@xflow/engine';
import { BadLine } from '../ndjson/read-bulk.js';

/** What shall be set of one user. */
export interface UserUpdate {
  readonly userId: string;
  /** Merged; null removes one. */
  readonly attributes?: Readonly<Record<string, Json>>;
  /** All tags. */
  readonly tags?: readonly string[];
  /** Null: none. */
  readonly tier?: string | null;
}

const fields = new Set(['id', 'attributes', 'tags']);
export const maxAttributesBytes = 64 * 1024;

/** A parsed line of a bulk request, `{ id, attributes?, tags? }`, as an update. */
export function userRow(value: unknown): UserUpdate | BadLine {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return new BadLine('The line is not a JSON object. Send { "id", "attributes"?, "tags"? }.');
  }
  const { id, attributes, tags } = value as Readonly<Record<string, unknown>>;
  if (typeof id !== 'string' || id.length < 1 || id.length > 200) {
    return new BadLine('id must be a text of 1 to 200 characters. Name the user.');
  }
  if (
    attributes !== undefined &&
    (typeof attributes !== 'object' || attributes === null || Array.isArray(attributes))
  ) {
    return new BadLine('attributes must be a JSON object. Send one, or leave it out.');
  }
  if (attributes !== undefined && JSON.stringify(attributes).length > maxAttributesBytes) {
    return new BadLine('attributes are larger than 64 KB. Keep less about one user.');
  }
  if (tags !== undefined && !isTagList(tags)) {
    return new BadLine('tags must be a list of at most 50 texts of 1 to 100 characters. Correct it, or leave it out.');
  }
  for (const key in value) {
    if (!fields.has(key))
      return new BadLine(`The field ${key.slice(0, 100)} is unknown. Put it into attributes, or leave it out.`);
  }
  return {
    userId: id,
    ...(attributes === undefined ? {} : { attributes: attributes as Readonly<Record<string, Json>> }),
    ...(tags === undefined ? {} : { tags }),
  };
}

function isTagList(value: unknown): value is string[] {
  return (
    Array.isArray(value) &&
    value.length <= 50 &&
    value.every((tag) => typeof tag === 'string' && tag.length >= 1 && tag.length <= 100)
  );
}
