import { BadLine } from '../ndjson/read-bulk.js';
import { parseTime } from '../time/parse-time.js';

/** One row of user_event as it goes to the database; null: the default. */
export interface UserEventRow {
  readonly userId: string;
  readonly name: string;
  /** RFC 3339; null: now. */
  readonly at: string | null;
  /** Null: a random one. */
  readonly id: string | null;
  /** JSON. */
  readonly properties: string;
}

const fields = new Set(['userId', 'name', 'at', 'id', 'properties']);
const maxPropertiesBytes = 64 * 1024;

/**
 * A parsed line of a bulk request as a row. By hand rather than by class-validator, which would take most of the time
 * of an import; the rules are those of UserEventDto.
 */
export function userEventRow(value: unknown): UserEventRow | BadLine {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return new BadLine('The line is not a JSON object. Send { "userId", "name", "at"?, "id"?, "properties"? }.');
  }
  const { userId, name, at, id, properties } = value as Readonly<Record<string, unknown>>;
  if (!isName(userId)) return new BadLine('userId must be a text of 1 to 200 characters. Name the user.');
  if (!isName(name)) return new BadLine('name must be a text of 1 to 200 characters. Name the event.');
  if (id !== undefined && !isName(id)) {
    return new BadLine('id must be a text of 1 to 200 characters. Correct it, or leave it out for a random one.');
  }
  let time: number | null = null;
  if (at !== undefined) {
    time = typeof at === 'string' ? parseTime(at) : null;
    if (time === null)
      return new BadLine(
        'at must be an RFC 3339 time such as 2026-01-05T09:00:00Z. Correct it, or leave it out for now.',
      );
  }
  if (
    properties !== undefined &&
    (typeof properties !== 'object' || properties === null || Array.isArray(properties))
  ) {
    return new BadLine('properties must be a JSON object. Send one, or leave it out.');
  }
  for (const key in value) {
    if (!fields.has(key))
      return new BadLine(`The field ${key.slice(0, 100)} is unknown. Put it into properties, or leave it out.`);
  }
  const json = properties === undefined ? '{}' : JSON.stringify(properties);
  if (json.length > maxPropertiesBytes)
    return new BadLine('properties are larger than 64 KB. Send less with one event.');
  return { userId, name, at: time === null ? null : new Date(time).toISOString(), id: id ?? null, properties: json };
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= 200;
}
