import { type FileHandle, open } from 'node:fs/promises';
import { CommandError, exitCode } from '../command-error.js';

/** A row that was not imported. */
export interface Reject {
  readonly line: number;
  readonly reason: string;
  /** As it stood in the file: by column, or its text where it could not be read. */
  readonly row: unknown;
}

/** Rejected rows as NDJSON, one {@link Reject} a line. */
export class RejectsFile {
  private constructor(
    readonly path: string,
    readonly handle: FileHandle,
    private position: number,
  ) {}

  /** @param bytes Length of what a checkpoint vouches for; what lies behind it is cut off, and comes again. */
  static async open(path: string, bytes: number): Promise<RejectsFile> {
    try {
      const handle = await open(path, bytes === 0 ? 'w' : 'a+');
      if (bytes > 0) await handle.truncate(bytes);
      return new RejectsFile(path, handle, bytes);
    } catch (error) {
      throw new CommandError(
        `The rejects file ${path} cannot be written: ${(error as Error).message}.`,
        exitCode.usage,
      );
    }
  }

  get bytes(): number {
    return this.position;
  }

  async append(rejects: readonly Reject[]): Promise<void> {
    if (rejects.length === 0) return;
    const text = Buffer.from(rejects.map((reject) => `${JSON.stringify(reject)}\n`).join(''));
    await this.handle.appendFile(text);
    this.position += text.length;
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}
