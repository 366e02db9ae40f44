import type { InstanceToken } from '@xflow/schemas';
import type { Definition } from './definition.js';
import type { Incident } from './effect.js';
import type { InstanceState, Wait } from './instance-state.js';
import type { Variables } from './json.js';
import { isoInstant } from './timers/iso-instant.js';

/** What can be said about an instance from outside. */
export interface Inspection {
  readonly status: InstanceState['status'];
  /** The lifecycle stage that the instance moved its user to last; null: none yet. */
  readonly stage: string | null;
  readonly tokens: readonly InstanceToken[];
  /** Of the root scope. */
  readonly variables: Variables;
  /** What holds variables: the instance first, then the subprocesses and runs that are open. */
  readonly scopes: readonly { readonly id: string; readonly elementId: string; readonly variables: Variables }[];
  /** Open incidents. */
  readonly incidents: readonly Incident[];
  /** Ids of the elements where tokens rest, each once; not the subprocesses around them. */
  readonly waitingAt: readonly string[];
}

export function inspect(definition: Definition, state: InstanceState): Inspection {
  const tokens = state.tokens.filter(({ phase }) => phase !== 'listening');
  const resting = tokens.filter(({ waits }) => !waits.some(({ kind }) => kind === 'children' || kind === 'runs'));
  return {
    status: state.status,
    stage: state.stage,
    tokens: tokens.map(({ id, elementId, waits }) => ({
      id,
      elementId,
      elementName: definition.nodes.get(elementId)?.name ?? null,
      waitingFor: waits.flatMap(waitingFor),
    })),
    variables: state.scopes[0]?.variables ?? {},
    scopes: state.scopes.map(({ id, elementId, variables }) => ({ id, elementId, variables })),
    incidents: state.incidents,
    waitingAt: [...new Set(resting.map(({ elementId }) => elementId))],
  };
}

function waitingFor(wait: Wait): InstanceToken['waitingFor'] {
  switch (wait.kind) {
    case 'timer':
      return [{ kind: 'timer', detail: isoInstant(wait.dueAt) }];
    case 'message':
      return [{ kind: 'message', detail: wait.messageName }];
    case 'signal':
      return [{ kind: 'signal', detail: wait.signalName }];
    case 'condition':
    case 'data':
      return [{ kind: 'condition' }];
    case 'task':
      return wait.taskKind === 'user' ? [{ kind: 'user-task' }] : [{ kind: 'task', detail: wait.type }];
    case 'call':
      return [{ kind: 'call', detail: wait.workflowKey }];
    case 'join':
    case 'incident':
    case 'children':
      return [{ kind: wait.kind }];
    case 'runs':
      return [{ kind: 'children' }];
    // What is thrown is not waited for, and a question is there only within a step.
    case 'thrown':
    case 'question':
      return [];
  }
}
