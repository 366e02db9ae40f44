import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * - `job_limit`: attempts that have begun since `began_at`, of task types whose attempts in a span of time are limited over all servers.
 * - `task.queued_in`: the generation of the Redis that holds the job, from when it was put there until it is leased; `next_attempt_at`
 *   is then when it is put there again, should it be lost.
 */
export class JobLimits implements MigrationInterface {
  readonly name = 'JobLimits0000000000007';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [
      `CREATE TABLE job_limit (type text COLLATE "C" PRIMARY KEY, began_at timestamptz NOT NULL, used int NOT NULL)`,
      `ALTER TABLE task ADD COLUMN queued_in uuid`,
      `CREATE INDEX task_queued ON task (queued_in) WHERE queued_in IS NOT NULL`,
    ])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of [
      `DROP INDEX task_queued`,
      `ALTER TABLE task DROP COLUMN queued_in`,
      `DROP TABLE job_limit`,
    ])
      await runner.query(statement);
  }
}
