import { advance } from '../advance.js';
import type { Definition } from '../definition.js';
import type { Input } from '../input.js';
import type { InstanceState } from '../instance-state.js';
import { checkMigration } from '../step/check-migration.js';
import { newInstanceOf, replay, type RecordedHistory, type ReplayedStep } from './replay.js';

export interface ForkOptions {
  /** Number of the last step that is kept; 0 forks before the start. */
  readonly at: number;
  /** What the instance goes on under; default: the same definition. An instance that is under way is migrated to it. */
  readonly newDefinition?: Definition;
  /** What happens after the fork. Ids in it are those of the state at the fork, and of what comes after. */
  readonly inputs?: readonly Input[];
}

export type Fork =
  | {
      readonly ok: true;
      /** After the last of the inputs. */
      readonly state: InstanceState;
      /** The steps after the fork, of which the first is the migration where there is one; their numbers count on. */
      readonly steps: readonly ReplayedStep[];
    }
  | {
      readonly ok: false;
      /** Why the instance cannot go on under the new definition: whole sentences. */
      readonly problems: readonly string[];
    };

/** Version in the migration of a fork: its definition is none that was deployed. */
const undeployed = 0;

/** Another future for an instance: its history up to a step, and from there other inputs, or another definition, or both. */
export function fork(definition: Definition, history: RecordedHistory, options: ForkOptions): Fork {
  const { at, newDefinition = definition, inputs = [] } = options;
  const last = replay(definition, history, { to: at }).at(-1);
  let state = last?.state ?? newInstanceOf(history);
  const migrations: Input[] = [];
  if (newDefinition !== definition && last !== undefined && state.status === 'active') {
    const check = checkMigration(definition, newDefinition, state);
    if (!check.ok) return { ok: false, problems: check.obstacles.map(({ message }) => message) };
    migrations.push({ kind: 'migrated', at: last.input.at, version: undeployed, ...check.plan });
  }
  const steps = [...migrations, ...inputs].map((input, index): ReplayedStep => {
    const advanced = advance(newDefinition, state, input);
    state = advanced.state;
    return { number: at + index + 1, input, ...advanced };
  });
  return { ok: true, state, steps };
}
