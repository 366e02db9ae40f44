import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * - Subscriptions and starts by signal beside those by message: `event` tells which, and `message_name` is then the name of the signal.
 *   Signals have no correlation key: theirs is empty, so that `subscription_by_message` finds them too.
 * - `call_depth`: how many call activities stand between an instance and the one that was started first.
 * - What is forgotten with time is found by its age. Rows come in the order of time, so the smallest of indexes is enough.
 */
export class SignalsAndBounds implements MigrationInterface {
  readonly name = 'SignalsAndBounds0000000000002';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [
      `ALTER TABLE subscription ADD COLUMN event text NOT NULL DEFAULT 'message'`,
      `ALTER TABLE start_subscription ADD COLUMN event text COLLATE "C" NOT NULL DEFAULT 'message',
         DROP CONSTRAINT start_subscription_pkey, ADD PRIMARY KEY (event, message_name, workflow_key, element_id)`,
      `ALTER TABLE instance ADD COLUMN call_depth int NOT NULL DEFAULT 0`,
      `CREATE INDEX idempotency_key_by_age ON idempotency_key USING brin (created_at)`,
      `CREATE INDEX reach_by_age ON reach USING brin (at)`,
    ])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of [
      `DROP INDEX reach_by_age`,
      `DROP INDEX idempotency_key_by_age`,
      `ALTER TABLE instance DROP COLUMN call_depth`,
      `DELETE FROM start_subscription WHERE event <> 'message'`,
      `ALTER TABLE start_subscription DROP COLUMN event, ADD PRIMARY KEY (message_name, workflow_key, element_id)`,
      `DELETE FROM subscription WHERE event <> 'message'`,
      `ALTER TABLE subscription DROP COLUMN event`,
    ])
      await runner.query(statement);
  }
}
