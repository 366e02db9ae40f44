import { ConflictError, NotFoundError } from '../http-problems/problem-error.js';
import type { StartableVersions } from './sql/find-startable-versions.js';

/** The version that a start goes to: the active one, or the one that is named, which may be a draft; or why there is none. */
export function versionToStart(
  key: string,
  named: number | null,
  versions: StartableVersions | undefined,
): number | Error {
  if (versions === undefined)
    return new NotFoundError(`Workflow "${key}" is not deployed. Deploy it, or correct the key.`);
  const { newest, active, drafts } = versions;
  if (named === null)
    return (
      active ??
      new ConflictError(
        `Workflow "${key}" has no active version, and starts nothing. Publish one of its versions (POST /api/workflows/${encodeURIComponent(key)}/versions/${newest}/publish).`,
      )
    );
  if (named === active || drafts.includes(named)) return named;
  if (named > newest)
    return new NotFoundError(
      `Workflow "${key}" has no version ${named}; the newest is ${newest}. Leave the version out to start the active one.`,
    );
  return new ConflictError(
    `Version ${named} of workflow "${key}" is not active any more, and starts nothing. Leave the version out to start the active one, or publish version ${named}.`,
  );
}
