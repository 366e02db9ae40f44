import { checkMigration, type Definition, type ElementPair, type Input, type Obstacle } from '@xflow/engine';
import { UnprocessableError } from '../http-problems/problem-error.js';
import type { PendingInput } from './live-instance.js';

/**
 * Lets an instance go on under another version, as its turn in the batch comes: it is planned from what the instance is then, so that
 * nothing comes between the check and the change.
 * @param settle told true when it was done, false when the instance has ended or is there already, or why it does not fit
 */
export function migration(
  definition: Definition,
  version: number,
  mapping: readonly ElementPair[],
  at: number,
  settle: (outcome: boolean | Error) => void,
): PendingInput {
  const planned = (plan: Pick<Extract<Input, { kind: 'migrated' }>, 'elements' | 'flows' | 'opened'>): Input => ({
    kind: 'migrated',
    at,
    version,
    ...plan,
  });
  const input = planned({ elements: [], flows: [], opened: [] });
  return {
    input,
    source: { id: 'migrated', attempts: 0, payload: { input } },
    prepare: (instance) => {
      if (instance.state.status !== 'active' || instance.version === version) {
        settle(false);
        return null;
      }
      const check = checkMigration(instance.definition, definition, instance.state, mapping);
      if (!check.ok) {
        settle(misfit(check.obstacles));
        return null;
      }
      instance.definition = definition;
      instance.version = version;
      instance.migrated = true;
      settle(true);
      return planned(check.plan);
    },
  };
}

export const misfit = (obstacles: readonly Obstacle[]): Error =>
  new UnprocessableError(
    'The instance does not fit the version',
    obstacles.map(({ elementId, message, remedy }) => ({ elementId, message, remedy })),
  );
