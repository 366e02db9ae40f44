import type { PoolClient } from 'pg';
import { runOverRows } from './statement.js';

export interface VersionKey {
  readonly workflow_key: string;
  readonly version: number;
}

/**
 * Those of the versions that are archived. Locks: the table of definitions in ACCESS SHARE mode, as every statement that reads it; so a version is not
 * archived (VersionsService.undeploy) until the batch that reads it here has committed.
 */
export async function findArchivedVersions(
  client: PoolClient,
  versions: readonly VersionKey[],
): Promise<readonly VersionKey[]> {
  return await runOverRows<VersionKey>(client, 'find-archived-versions', text, versions);
}

const text = `
  SELECT d.key AS workflow_key, d.version FROM definition d
  WHERE d.state = 'archived'
    AND (d.key, d.version) IN (SELECT r.workflow_key, r.version FROM json_to_recordset($1) AS r (workflow_key text, version int))`;
