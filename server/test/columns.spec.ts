import fc from 'fast-check';
import { documentAt, documents, lists, plain, texts } from '../src/runner/sql/columns.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

/** What PostgreSQL can hold: no NUL. */
const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((string) => !string.includes('\0'));
const awkward = fc.oneof(text, fc.constantFrom('', 'NULL', 'null', '{}', '"', '\\', 'a,b', ' ', '{"a"}', '订单', '\n'));

describe('rows as columns', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });

  it('arrive as they are', async () => {
    const row = fc.record({
      text: fc.option(awkward),
      list: fc.array(awkward, { maxLength: 3 }),
      number: fc.option(fc.integer()),
      json: fc.dictionary(awkward, fc.oneof(awkward, fc.integer(), fc.array(awkward, { maxLength: 2 }))),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 5 }), async (rows) => {
        const { rows: arrived } = await database.pool.query(
          `SELECT text, list::text[] AS list, number, ${documentAt('$4', 'json_begin', 'json_length')} AS json
           FROM unnest($1::text[], $2::text[], $3::int[], $5::int[], $6::int[]) AS r (text, list, number, json_begin, json_length)`,
          [
            texts(rows, (one) => one.text),
            lists(rows, (one) => one.list),
            plain(rows, (one) => one.number),
            ...documents(rows, (one) => JSON.stringify(one.json)),
          ],
        );
        expect(arrived).toEqual(rows.map((one) => ({ ...one, json: { ...one.json } })));
      }),
    );
  });
});
