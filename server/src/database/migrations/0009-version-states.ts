import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * - `definition.state`: draft, active (of a workflow one at most: starts go to it), inactive, archived. Of what was deployed before, the
 *   newest version is active.
 * - Instances are found by version while they are active, by business key, and those that are suspended.
 */
export class VersionStates implements MigrationInterface {
  readonly name = 'VersionStates0000000000009';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [
      `ALTER TABLE definition ADD COLUMN state text NOT NULL DEFAULT 'active'`,
      `UPDATE definition d SET state = 'inactive'
         WHERE version < (SELECT max(version) FROM definition n WHERE n.key = d.key)`,
      `CREATE INDEX instance_by_version ON instance (workflow_key, version, id) WHERE status = 'active'`,
      `CREATE INDEX instance_by_business_key ON instance (business_key, id) WHERE business_key IS NOT NULL`,
      `CREATE INDEX instance_suspended ON instance (id) WHERE suspended_at IS NOT NULL`,
    ])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of [
      'DROP INDEX instance_suspended',
      'DROP INDEX instance_by_business_key',
      'DROP INDEX instance_by_version',
      'ALTER TABLE definition DROP COLUMN state',
    ])
      await runner.query(statement);
  }
}
