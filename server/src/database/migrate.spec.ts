import { createTestDatabase, type TestDatabase } from '../../test/test-database.js';
import { migrate } from './migrate.js';

describe('migrate', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });

  it('changes nothing in a database that is up to date, also when two servers start together', async () => {
    const tables = `SELECT count(*)::int AS n FROM pg_tables WHERE schemaname = 'public'`;
    const before = await database.pool.query<{ n: number }>(tables);
    await Promise.all([migrate(database.url), migrate(database.url)]);
    expect((await database.pool.query(tables)).rows).toEqual(before.rows);
  });

  it('gives every table of the runtime and of users a primary key that begins with the subject', async () => {
    const { rows } = await database.pool.query<{ table: string; first: string }>(
      `SELECT c.relname AS table, a.attname AS first FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
       WHERE i.indisprimary AND EXISTS (SELECT 1 FROM pg_attribute s WHERE s.attrelid = c.oid AND s.attname = 'subject_id')`,
    );
    const others = rows.filter(({ first }) => first !== 'subject_id').map(({ table }) => table);
    expect(others).toEqual(['mailbox']);
    expect(rows.length).toBeGreaterThan(10);
  });

  it('says what to do when the database is out of reach', async () => {
    await expect(migrate('postgres://nobody@127.0.0.1:1/none')).rejects.toThrow('Check that DATABASE_URL names');
  });
});
