import type { Definition, Effect, Input, InstanceState } from '@xflow/engine';
import type { CommandRow } from './sql/take-commands.js';
import type { HistoryStep } from './sql/insert-history.js';
import type { CommandPayload } from './command.js';
import type { CountedAs } from './instance-counts.js';

/** An instance within a batch: locked, in memory, with what is to be applied to it and what came of that. */
export interface LiveInstance {
  readonly subjectId: string;
  readonly id: string;
  readonly workflowKey: string;
  version: number;
  definition: Definition;
  readonly parentInstanceId: string | null;
  readonly parentCallId: string | null;
  /** How many call activities stand above it. */
  readonly callDepth: number;
  readonly businessKey: string | null;
  /** Null: the batch starts it. */
  readonly storedRevision: number | null;
  /** As what the database counts it; null: the batch starts it. */
  readonly counted: CountedAs | null;
  /** Open incidents that the runner raised, and the state therefore does not hold. */
  readonly openFaults: number;
  /** Whether an input has changed its version. */
  migrated: boolean;
  state: InstanceState;
  /** The state as JSON, since the instance has come to rest. */
  stateText: string;
  readonly pending: PendingInput[];
  readonly steps: HistoryStep[];
  readonly effects: Effect[];
}

/** An input that waits for its turn within the batch. */
export interface PendingInput {
  readonly input: Input;
  /** Where it came from, so that a faulty instance can be given it again; null: an answer to a question of this batch. */
  readonly source: PendingSource | null;
  /** Told whether the input changed anything. */
  readonly applied?: (changed: boolean) => void;
  /** Makes the input when its turn has come, from what the instance is then; null: it is refused, and nothing is applied. */
  readonly prepare?: (instance: LiveInstance) => Input | null;
}
export type PendingSource = Pick<CommandRow, 'id' | 'attempts'> & { readonly payload: CommandPayload };
