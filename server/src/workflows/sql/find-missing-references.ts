import type { PoolClient } from 'pg';

export type ReferenceKind = 'segment' | 'ladder' | 'template' | 'decision' | 'workflow';

/** Those of the names that stand for nothing. One statement, however many names. Takes no locks. */
export async function findMissingReferences(
  client: PoolClient,
  names: readonly { readonly kind: ReferenceKind; readonly name: string }[],
): Promise<readonly { readonly kind: ReferenceKind; readonly name: string }[]> {
  if (names.length === 0) return [];
  const { rows } = await client.query<{ kind: ReferenceKind; name: string }>(text, [JSON.stringify(names)]);
  return rows;
}

const text = `
  SELECT r.kind, r.name FROM json_to_recordset($1) AS r (kind text, name text)
  WHERE CASE r.kind
    WHEN 'segment' THEN NOT EXISTS (SELECT FROM segment WHERE id = r.name)
    WHEN 'ladder' THEN NOT EXISTS (SELECT FROM ladder WHERE id = r.name)
    WHEN 'template' THEN NOT EXISTS (SELECT FROM template WHERE id = r.name)
    WHEN 'decision' THEN NOT EXISTS (SELECT FROM decision WHERE id = r.name)
    WHEN 'workflow' THEN NOT EXISTS (SELECT FROM definition WHERE key = r.name)
  END`;
