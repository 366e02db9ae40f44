import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Searchable variables of instances that retention has removed: it left them behind until now. */
export class OrphanedVariables implements MigrationInterface {
  readonly name = 'OrphanedVariables0000000000023';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DELETE FROM instance_variable v
       WHERE NOT EXISTS (SELECT FROM instance i WHERE i.subject_id = v.subject_id AND i.id = v.instance_id)`,
    );
  }

  async down(): Promise<void> {}
}
