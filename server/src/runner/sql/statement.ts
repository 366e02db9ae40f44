import type { ClientBase, QueryResultRow } from 'pg';

/**
 * Runs a statement that takes its rows as one JSON array, as its only parameter (`json_to_recordset($1)`).
 * One parameter, however many rows: the text of the statement is constant, so PostgreSQL keeps its plan under `name`.
 * Nothing is sent when there are no rows.
 */
export async function runOverRows<Result extends QueryResultRow = never>(
  client: ClientBase,
  name: string,
  text: string,
  rows: readonly object[],
): Promise<readonly Result[]> {
  if (rows.length === 0) return [];
  return (await client.query<Result>({ name, text, values: [JSON.stringify(rows)] })).rows;
}

/** Rows that hold a state, which is JSON already, as one JSON array. */
export function statesAsJson(rows: readonly { readonly state: string }[]): string {
  return `[${rows.map(({ state, ...row }) => `${JSON.stringify(row).slice(0, -1)},"state":${state}}`).join()}]`;
}

/** Milliseconds since 1970 as PostgreSQL reads them; beyond the year 9999 is never. */
export function toTimestamp(at: number): string {
  return at > endOfYear9999 ? 'infinity' : new Date(at).toISOString();
}

const endOfYear9999 = 253_402_300_799_999;
