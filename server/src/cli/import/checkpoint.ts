import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** How far an import has come; written after every acknowledged chunk. */
export interface ImportState {
  /** Last line of the file of which the server has acknowledged everything up to it; 0: none. */
  readonly line: number;
  readonly totals: ImportTotals;
  /** Bytes of the rejects file that belong to the lines up to `line`. */
  readonly rejectsBytes: number;
}

export interface ImportTotals {
  readonly rows: number;
  /** Users sent; one again for every change of theirs. */
  readonly users: number;
  readonly events: number;
  /** Events that the server had already. */
  readonly duplicates: number;
  /** Rows whose event the condition of the mapping left out. */
  readonly withoutEvent: number;
  readonly rejected: number;
  /** Rejected rows by reason. */
  readonly reasons: Readonly<Record<string, number>>;
}

export const nothingImported: ImportState = {
  line: 0,
  rejectsBytes: 0,
  totals: { rows: 0, users: 0, events: 0, duplicates: 0, withoutEvent: 0, rejected: 0, reasons: {} },
};

/**
 * The file that lets a killed import go on. Its name says what is imported where: the same content under the same mapping to
 * the same server. Events have deterministic ids, so a chunk that was acknowledged but not noted is harmless when sent again.
 */
export class Checkpoint {
  readonly #path: string;

  /** @param folder Usually `.xflow/imports`. */
  constructor(folder: string, identity: readonly string[]) {
    const name = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32);
    this.#path = join(folder, `${name}.json`);
  }

  /** Null when there is none, or none that can be read: the import then begins at the beginning. */
  async load(): Promise<ImportState | null> {
    try {
      return JSON.parse(await readFile(this.#path, 'utf8')) as ImportState;
    } catch {
      return null;
    }
  }

  async save(state: ImportState): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true });
    // Renamed into place: whoever is killed leaves the old file or the new one, never half of one.
    await writeFile(`${this.#path}.new`, JSON.stringify(state));
    await rename(`${this.#path}.new`, this.#path);
  }

  async remove(): Promise<void> {
    await rm(this.#path, { force: true });
  }
}
