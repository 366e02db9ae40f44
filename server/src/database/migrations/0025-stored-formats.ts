import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The form in which a row was written (runner/stored-format.ts), so that servers of an older version leave it to those that can read it. All that
 * stands is of form 1. A constant default: PostgreSQL adds the columns without touching the rows.
 */
export class StoredFormats implements MigrationInterface {
  readonly name = 'StoredFormats0000000000025';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of ['instance', 'definition', 'task'])
      await runner.query(`ALTER TABLE ${table} ADD COLUMN format int NOT NULL DEFAULT 1`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['instance', 'definition', 'task'])
      await runner.query(`ALTER TABLE ${table} DROP COLUMN format`);
  }
}
