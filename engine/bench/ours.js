import { taskCatalog } from '@xflow/schemas';
import { advance, compile, createInstance, stateToJson } from '../dist/index.js';

const work = { type: 'work', kind: 'job', title: 'Work', description: 'Work.', schema: { type: 'object' } };

export async function definitionOf(xml) {
  const result = await compile(xml, { taskTypes: { ...taskCatalog, work } });
  if (!result.ok) throw new Error(JSON.stringify(result.problems.slice(0, 3)));
  return result.definitions[0];
}

const sink = Buffer.alloc(1_000_000);

/** Runs an instance to its end as a host would: every step gives its events, and its state as text. Returns what came of it. */
export function runInstance(definition, variables) {
  let state = createInstance({ instanceId: 'i', subjectId: 'ada' });
  let bytes = 0;
  let events = 0;
  const inputs = [{ kind: 'start', at: 0, variables }];
  for (let next = 0; next < inputs.length; next += 1) {
    const step = advance(definition, state, inputs[next]);
    state = step.state;
    events += step.events.length;
    // Into bytes, as for a database: a text that was joined of many is none before it is read.
    bytes += sink.write(stateToJson(state));
    for (const effect of step.effects)
      if (effect.kind === 'create-task') inputs.push({ kind: 'task-completed', at: 0, taskId: effect.taskId });
  }
  if (state.status !== 'completed') throw new Error(`The instance is ${state.status}.`);
  return { entries: state.entries, events, bytes };
}
