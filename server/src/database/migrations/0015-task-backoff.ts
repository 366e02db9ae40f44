import type { MigrationInterface, QueryRunner } from 'typeorm';

/** `backoff`: milliseconds from each failed attempt to the next, the last also for all further ones; null: as usual for all jobs. */
export class TaskBackoff implements MigrationInterface {
  readonly name = 'TaskBackoff0000000000015';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE task ADD COLUMN backoff json`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE task DROP COLUMN backoff`);
  }
}
