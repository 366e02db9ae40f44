import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Decisions of DMN. Their files stand in `deployment`, beside those of BPMN. `id` is the id of the decision in the file. */
export class Decisions implements MigrationInterface {
  readonly name = 'Decisions0000000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE decision (
        id text COLLATE "C" NOT NULL,
        version int NOT NULL,
        deployment_id uuid NOT NULL REFERENCES deployment (id),
        name text NOT NULL,
        created_at timestamptz NOT NULL,
        PRIMARY KEY (id, version)
      )`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE decision');
  }
}
