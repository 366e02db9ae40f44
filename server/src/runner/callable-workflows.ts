import { callWithoutStart, chooseStart } from '@xflow/engine';
import type { PoolClient } from 'pg';
import type { DefinitionCache } from './definition-cache.js';
import { findStartableVersions } from './sql/find-startable-versions.js';

/** The version that a call activity starts; or why none can be called. */
export type CallableWorkflow =
  { readonly version: number } | { readonly error: { readonly code: string; readonly message: string } };

/** What comes of a call of each workflow now, by its key. */
export async function findCallableWorkflows(
  client: PoolClient,
  definitions: DefinitionCache,
  keys: readonly string[],
): Promise<ReadonlyMap<string, CallableWorkflow>> {
  const versions = await findStartableVersions(client, keys);
  const callable = await Promise.all(
    keys.map(async (key): Promise<[string, CallableWorkflow]> => {
      const version = versions.get(key)?.active ?? null;
      if (version === null) {
        const message = `Workflow "${key}" is not deployed, or none of its versions is active. Deploy or publish it, and retry.`;
        return [key, { error: { code: 'workflow-not-found', message } }];
      }
      // One that does not compile any more is told of by the called instance.
      const definition = await definitions.get(key, version).catch(() => null);
      const choice = definition && chooseStart(definition, undefined);
      return [
        key,
        choice?.ok === false ? { error: { code: 'start-event', message: callWithoutStart(choice) } } : { version },
      ];
    }),
  );
  return new Map(callable);
}
