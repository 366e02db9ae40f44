import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Variables that a process declares searchable, as text: what is no text, number or truth value is not kept. Found by value, then in the order
 * of the instances' ids.
 */
export class SearchableVariables implements MigrationInterface {
  readonly name = 'SearchableVariables0000000000018';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [
      `CREATE TABLE instance_variable (
        subject_id text COLLATE "C" NOT NULL,
        instance_id uuid NOT NULL,
        name text COLLATE "C" NOT NULL,
        value text COLLATE "C",
        PRIMARY KEY (subject_id, instance_id, name)
      )`,
      `CREATE INDEX instance_variable_by_value ON instance_variable (name, value, instance_id) WHERE value IS NOT NULL`,
    ])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE instance_variable');
  }
}
