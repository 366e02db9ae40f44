import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Room for the database, in megabytes: little enough to be filled in a moment. */
const size = 3_000;

/** A folder that has a small file system of its own, where this machine lets us mount one (as root, on Linux); else an ordinary folder. */
export class SmallDisk {
  private constructor(
    readonly folder: string,
    /** Whether it can be filled. */
    readonly isSmall: boolean,
  ) {}

  static make(): SmallDisk {
    const folder = mkdtempSync(path.join(tmpdir(), 'xflow-chaos-'));
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}m`, 'tmpfs', folder], { stdio: 'ignore' });
    // PostgreSQL runs as another account.
    chmodSync(folder, 0o755);
    return new SmallDisk(folder, mounted.status === 0);
  }

  /** Takes all the room; returns what makes room again. */
  fill(): () => void {
    const filler = path.join(this.folder, 'filler');
    const { bavail, bsize } = statfsSync(this.folder);
    spawnSync('fallocate', ['--length', String(Math.max(1, bavail * bsize)), filler], { stdio: 'ignore' });
    const file = openSync(filler, 'a');
    // What has become free meanwhile, or all of it where the command is not there.
    const block = Buffer.alloc(1 << 16);
    try {
      for (;;) writeSync(file, block);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
    return () => rmSync(filler, { force: true });
  }

  remove(): void {
    // Lazily: a process that is just ending may still have files open there.
    if (this.isSmall) spawnSync('umount', ['--lazy', this.folder], { stdio: 'ignore' });
    rmSync(this.folder, { recursive: true, force: true });
  }
}
