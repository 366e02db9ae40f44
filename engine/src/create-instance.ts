import type { InstanceState } from './instance-state.js';

export interface NewInstance {
  readonly instanceId: string;
  /** The user. */
  readonly subjectId: string;
  readonly businessKey?: string;
  /** Seed of scripts and jitter; the instance's id where none is given. */
  readonly seed?: string;
}

/** The state of an instance that waits for its first input, `{ kind: 'start' }`. */
export function createInstance({ instanceId, subjectId, businessKey, seed }: NewInstance): InstanceState {
  return {
    instanceId,
    subjectId,
    businessKey: businessKey ?? null,
    seed: seed ?? instanceId,
    status: 'active',
    stage: null,
    lastId: 0,
    entries: 0,
    burst: 0,
    scopes: [],
    tokens: [],
    incidents: [],
  };
}
