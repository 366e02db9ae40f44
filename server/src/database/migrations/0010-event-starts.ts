import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * - `start_subscription.part`: which event of a parallel multiple start event it is; null: it begins an instance alone.
 * - `condition_start`: conditional start events of the newest versions; `part` numbers the conditions of one start event.
 * - `condition_met`: users for whom such a condition was true when it was looked at last. A row that comes starts an instance.
 * - `changed_user`: users whose profile or events have changed since those conditions were looked at. Taking a row is the claim.
 * - `watching_version`: versions whose instances wait for conditions that read the user. Where there is none, a change wakes nobody.
 */
export class EventStarts implements MigrationInterface {
  readonly name = 'EventStarts0000000000010';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [
      `ALTER TABLE start_subscription ADD COLUMN part int`,
      `CREATE TABLE condition_start (
        workflow_key text COLLATE "C" NOT NULL,
        element_id text COLLATE "C" NOT NULL,
        part int NOT NULL,
        version int NOT NULL,
        PRIMARY KEY (workflow_key, element_id, part)
      )`,
      `CREATE TABLE condition_met (
        subject_id text COLLATE "C" NOT NULL,
        workflow_key text COLLATE "C" NOT NULL,
        element_id text COLLATE "C" NOT NULL,
        part int NOT NULL,
        PRIMARY KEY (subject_id, workflow_key, element_id, part)
      )`,
      `CREATE TABLE changed_user (
        subject_id text COLLATE "C" PRIMARY KEY,
        at timestamptz NOT NULL
      )`,
      `CREATE TABLE watching_version (
        workflow_key text COLLATE "C" NOT NULL,
        version int NOT NULL,
        PRIMARY KEY (workflow_key, version)
      )`,
    ])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['watching_version', 'changed_user', 'condition_met', 'condition_start'])
      await runner.query(`DROP TABLE ${table}`);
    await runner.query('ALTER TABLE start_subscription DROP COLUMN part');
  }
}
