import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * - `instance.suspended_at`: since when nothing from outside reaches the instance; null: it is not suspended.
 * - `command.held_at`: since when a suspension keeps the command, which is due at infinity meanwhile; null: none does.
 * - `batch_operation`: one change to many instances, chosen by a filter. `collected_to`: the last instance that was looked at for
 *   it; items are collected in the order of instance ids, up to those that had been started when it was ordered. `rate`: items a second.
 *   `status`: collecting, running, cancelled, done. `lease_until`: when another server may go on with it, should its runner be gone.
 * - `batch_operation_item`: what is still to be done, and what could not be done, with the reason; what is done has no row any more.
 */
export class Operating implements MigrationInterface {
  readonly name = 'Operating0000000000008';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [
      `ALTER TABLE instance ADD COLUMN suspended_at timestamptz`,
      `ALTER TABLE command ADD COLUMN held_at timestamptz`,
      `CREATE TABLE batch_operation (
        id uuid PRIMARY KEY,
        action text NOT NULL,
        detail json NOT NULL,
        filter json NOT NULL,
        status text NOT NULL,
        rate int NOT NULL,
        collected_to uuid,
        total int NOT NULL DEFAULT 0,
        done int NOT NULL DEFAULT 0,
        failed int NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL,
        ended_at timestamptz,
        lease_owner uuid,
        lease_until timestamptz
      )`,
      `CREATE INDEX batch_operation_open ON batch_operation (created_at) WHERE ended_at IS NULL`,
      `CREATE TABLE batch_operation_item (
        subject_id text COLLATE "C" NOT NULL,
        instance_id uuid NOT NULL,
        operation_id uuid NOT NULL,
        incident_id text COLLATE "C" NOT NULL,
        reason text,
        PRIMARY KEY (subject_id, instance_id, operation_id, incident_id)
      )`,
      `CREATE INDEX batch_operation_item_by_operation ON batch_operation_item (operation_id, (reason IS NULL), instance_id, incident_id)`,
    ])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of [
      'DROP TABLE batch_operation_item',
      'DROP TABLE batch_operation',
      `UPDATE command SET due_at = held_at WHERE held_at IS NOT NULL`,
      'ALTER TABLE command DROP COLUMN held_at',
      'ALTER TABLE instance DROP COLUMN suspended_at',
    ])
      await runner.query(statement);
  }
}
