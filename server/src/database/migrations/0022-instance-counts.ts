import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Numbers of instances: whoever asks reads these, and no instances. Rows without element are by workflow, version and status, and tell how many
 * of them have open incidents; rows with an element have no status, and tell how many active instances rest there, and the incidents open there.
 * `instance_count_change` is what has been added since (docs/adr/0008-counts-are-appended-and-folded.md): whoever changes instances appends to it in
 * the same transaction, and waits for nobody. It has no key, because its rows are only ever read, and removed, all together; PostgreSQL cleans up
 * after every 2,000 of them, however large the tables of instances are.
 */
export class InstanceCounts implements MigrationInterface {
  readonly name = 'InstanceCounts0000000000022';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [
      `CREATE TABLE instance_count (
        workflow_key text COLLATE "C" NOT NULL,
        version int NOT NULL,
        status text COLLATE "C" NOT NULL,
        element_id text COLLATE "C" NOT NULL,
        instances bigint NOT NULL,
        incidents bigint NOT NULL,
        PRIMARY KEY (workflow_key, version, element_id, status)
      ) WITH (fillfactor = 50)`,
      `CREATE INDEX instance_count_by_status ON instance_count (workflow_key) WHERE element_id = ''`,
      `CREATE TABLE instance_count_change (
        workflow_key text COLLATE "C" NOT NULL,
        version int NOT NULL,
        status text COLLATE "C" NOT NULL,
        element_id text COLLATE "C" NOT NULL,
        instances int NOT NULL,
        incidents int NOT NULL
      ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
        autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 20000)`,
      `INSERT INTO instance_count (workflow_key, version, status, element_id, instances, incidents)
       SELECT workflow_key, version, status, '', count(*), count(*) FILTER (WHERE open_incidents > 0) FROM instance GROUP BY 1, 2, 3
       UNION ALL
       SELECT workflow_key, version, '', element_id, sum(instances), sum(incidents) FROM (
         SELECT workflow_key, version, element_id, 1 AS instances, 0 AS incidents
         FROM instance CROSS JOIN LATERAL (SELECT DISTINCT unnest(waiting_at) AS element_id) AS at WHERE status = 'active'
         UNION ALL
         SELECT i.workflow_key, i.version, t.element_id, 0, 1
         FROM incident t JOIN instance i ON i.subject_id = t.subject_id AND i.id = t.instance_id WHERE t.resolved_at IS NULL
       ) AS at_element GROUP BY 1, 2, 4`,
    ])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE instance_count_change');
    await runner.query('DROP TABLE instance_count');
  }
}
