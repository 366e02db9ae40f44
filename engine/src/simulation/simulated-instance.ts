import type { HistoryEvent } from '@xflow/schemas';
import type { CreateTaskEffect } from '../effect.js';
import type { Definition } from '../definition.js';
import { inspect, type Inspection } from '../inspect.js';
import type { Input } from '../input.js';
import type { InstanceState } from '../instance-state.js';

/** One instance as a simulation shows it. */
export interface SimulatedInstance extends Inspection {
  readonly id: string;
  readonly workflowKey: string;
  /** The user's id. */
  readonly user: string;
  /** The instance whose call activity started this one; null: started otherwise. */
  readonly parentInstanceId: string | null;
  readonly businessKey: string | null;
  /** Seed of its scripts and jitter. */
  readonly seed: string;
  readonly history: readonly HistoryEvent[];
  /** Every input so far: replaying them gives the same state. */
  readonly inputs: readonly Input[];
}

/** What a simulation keeps of an instance. */
export interface InstanceRecord {
  readonly definition: Definition;
  state: InstanceState;
  readonly parent: { readonly instanceId: string; readonly callId: string; readonly depth: number } | null;
  readonly history: HistoryEvent[];
  readonly inputs: Input[];
  readonly openTimers: Set<string>;
  readonly openTasks: Map<string, CreateTaskEffect>;
  /** Called instances by call. */
  readonly calls: Map<string, string>;
}

export function showInstance({ definition, state, parent, history, inputs }: InstanceRecord): SimulatedInstance {
  return {
    ...inspect(definition, state),
    id: state.instanceId,
    workflowKey: definition.key,
    user: state.subjectId,
    parentInstanceId: parent?.instanceId ?? null,
    businessKey: state.businessKey,
    seed: state.seed,
    history,
    inputs,
  };
}
