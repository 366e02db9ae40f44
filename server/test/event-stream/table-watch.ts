import { once } from 'node:events';
import type { PoolClient } from 'pg';
import { closeAfterTests } from '../open-resources.js';
import type { TestDatabase } from '../test-database.js';

/** Waits for what the rows of tables come to be: the database tells of every statement that changes them. */
export class TableWatch {
  private constructor(
    private readonly database: TestDatabase,
    private readonly client: PoolClient,
  ) {}

  static async over(database: TestDatabase, tables: readonly string[]): Promise<TableWatch> {
    await database.pool.query(
      `CREATE FUNCTION tell_test() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NOTIFY test; RETURN NULL; END $$`,
    );
    for (const table of tables)
      await database.pool.query(
        `CREATE TRIGGER tell_test AFTER INSERT OR UPDATE OR DELETE ON ${table} EXECUTE FUNCTION tell_test()`,
      );
    const client = await database.pool.connect();
    closeAfterTests(() => Promise.resolve(client.release(true)));
    await client.query('LISTEN test');
    return new TableWatch(database, client);
  }

  /** Resolves when the query gives this number. */
  async counts(from: string, number: number): Promise<void> {
    for (;;) {
      const change = once(this.client, 'notification');
      if ((await this.count(from)) === number) return;
      await change;
    }
  }

  async count(from: string): Promise<number> {
    const { rows } = await this.database.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${from}`);
    return rows[0]!.n;
  }
}
