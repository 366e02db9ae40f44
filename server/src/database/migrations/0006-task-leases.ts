import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * - Jobs are taken by type, for a server only takes those that it has handlers for, and leaves the others to workers.
 * - `worker`: who holds the lease, when that is a worker outside; `lease_owner` is then the token of its activation. Null: a server,
 *   which `lease_owner` names.
 * - `max_attempts`: attempts before a failure becomes an incident; null: what is usual for the type.
 */
export class TaskLeases implements MigrationInterface {
  readonly name = 'TaskLeases0000000000006';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [
      `ALTER TABLE task ADD COLUMN worker text, ADD COLUMN max_attempts int`,
      `CREATE INDEX task_job_by_type ON task (type, next_attempt_at) WHERE kind = 'job'`,
      `DROP INDEX task_job_by_due`,
    ])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of [
      `CREATE INDEX task_job_by_due ON task (next_attempt_at) WHERE kind = 'job'`,
      `DROP INDEX task_job_by_type`,
      `ALTER TABLE task DROP COLUMN worker, DROP COLUMN max_attempts`,
    ])
      await runner.query(statement);
  }
}
