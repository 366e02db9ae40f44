import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * A folder for the PostgreSQL of this run. The first test that wants a database starts it there (test-database.ts), for
 * Jest does not compile what it runs out here. Several projects may name this setup: they share one folder.
 */
export default function globalSetup() {
  process.env.XFLOW_TEST_HOME ??= mkdtempSync(path.join(tmpdir(), 'xflow-test-'));
}
