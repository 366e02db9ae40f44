import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * - `history` is partitioned by the month in which its instance started: ids of instances are UUIDs of version 7, which begin with that time, so
 *   that whoever asks for an instance's history reads one partition. The server makes the partitions of months to come (retention/), and drops
 *   those of which nothing is kept any more. What was there before, and what no partition is for, is in the default one.
 * - Ended instances are found by when they ended; events of users by their time, through an index that costs an import nothing (BRIN).
 */
export class HistoryPartitions implements MigrationInterface {
  readonly name = 'HistoryPartitions0000000000011';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [
      `ALTER TABLE history RENAME TO history_default`,
      `ALTER INDEX history_pkey RENAME TO history_default_pkey`,
      `CREATE TABLE history (LIKE history_default, PRIMARY KEY (subject_id, instance_id, revision)) PARTITION BY RANGE (instance_id)`,
      `ALTER TABLE history ATTACH PARTITION history_default DEFAULT`,
      `CREATE INDEX instance_by_end ON instance (ended_at, id) WHERE ended_at IS NOT NULL`,
      `CREATE INDEX user_event_by_time ON user_event USING brin (at)`,
    ])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of [
      'DROP INDEX user_event_by_time',
      'DROP INDEX instance_by_end',
      'CREATE TABLE history_whole (LIKE history)',
      'INSERT INTO history_whole SELECT * FROM history',
      'DROP TABLE history',
      'ALTER TABLE history_whole RENAME TO history',
      'ALTER TABLE history ADD PRIMARY KEY (subject_id, instance_id, revision)',
    ])
      await runner.query(statement);
  }
}
