import type { UserEvent } from '@xflow/schemas';
import type { Reject } from './rejects-file.js';
import type { MappedRow, MappedUser } from './row-mapper.js';
import type { Row } from './row-source.js';

const fullRows = 5_000;
const fullCharacters = 4_000_000;
/** Users whose last sent state is kept in memory. Beyond it users are sent again, which is harmless. */
const rememberedUsers = 200_000;

/** What goes to the server in one go, and the line of the file each part came from. */
export class Chunk {
  rows = 0;
  lastLine = 0;
  withoutEvent = 0;
  readonly users = new Lines();
  readonly events = new Lines();
  readonly rejects: Reject[] = [];

  get isFull(): boolean {
    return this.rows >= fullRows || this.users.characters + this.events.characters >= fullCharacters;
  }
}

/** NDJSON in the making. */
export class Lines {
  characters = 0;
  readonly #texts: string[] = [];
  /** By position: line of the file, and the row, for the report of those that the server refuses. */
  readonly sources: Row[] = [];

  add(text: string, source: Row): void {
    this.#texts.push(text);
    this.sources.push(source);
    this.characters += text.length + 1;
  }

  get count(): number {
    return this.#texts.length;
  }

  /** The body of a bulk request. */
  toString(): string {
    return `${this.#texts.join('\n')}\n`;
  }
}

/** Fills chunks, and leaves out users that were sent before and have not changed since. */
export class ChunkBuilder {
  #chunk = new Chunk();
  readonly #sent = new Map<string, string>();

  constructor(readonly columns: readonly string[] | null) {}

  /** @returns The chunk, once it is full. */
  add(row: Row, mapped: MappedRow): Chunk | null {
    const chunk = this.#chunk;
    chunk.rows += 1;
    chunk.lastLine = row.line;
    if (mapped.ok) {
      this.#addUser(chunk, mapped.user, row);
      if (mapped.event) chunk.events.add(JSON.stringify(mapped.event satisfies UserEvent), row);
      else chunk.withoutEvent += 1;
    } else {
      chunk.rejects.push({ line: row.line, reason: mapped.reason, row: contentOf(row, this.columns) });
    }
    return chunk.isFull ? this.take() : null;
  }

  /** The chunk as it is; null when nothing is in it. */
  take(): Chunk | null {
    const chunk = this.#chunk;
    this.#chunk = new Chunk();
    return chunk.rows === 0 ? null : chunk;
  }

  #addUser(chunk: Chunk, user: MappedUser, row: Row): void {
    const text = JSON.stringify(user);
    if (this.#sent.get(user.id) === text) return;
    if (this.#sent.size >= rememberedUsers) this.#sent.clear();
    this.#sent.set(user.id, text);
    chunk.users.add(text, row);
  }
}

/** A row as it is shown in the rejects file. */
export function contentOf(row: Row, columns: readonly string[] | null): unknown {
  if ('unreadable' in row) return row.text;
  if ('document' in row) return row.document;
  return Object.fromEntries(row.cells.map((cell, index) => [columns?.[index] ?? String(index + 1), cell]));
}
