import type { Json } from '../json.js';
import type { Simulation } from '../simulation/create-simulation.js';
import type { SimulatedInstance } from '../simulation/simulated-instance.js';
import { sameJson } from './same-json.js';
import type { Expectation } from './scenario.js';

/** The instance that an expectation is about: the user's last one, called ones only where their workflow is named. */
export function instanceOf(
  simulation: Simulation,
  { user, workflow }: { readonly user: string; readonly workflow?: string },
): SimulatedInstance | null {
  const candidates = simulation
    .instances()
    .filter((instance) => instance.user === user)
    .filter((instance) =>
      workflow === undefined ? instance.parentInstanceId === null : instance.workflowKey === workflow,
    );
  return candidates.at(-1) ?? null;
}

/** What is not as expected, as whole sentences. */
export function checkExpectation(simulation: Simulation, expectation: Expectation): readonly string[] {
  const { user: userId, workflow, status, passed = [], notPassed = [], waitingAt, variables, incidents } = expectation;
  const who = `User "${userId}"`;
  const instance = instanceOf(simulation, expectation);
  if (instance === null)
    return [`${who} has no instance${workflow === undefined ? '' : ` of workflow "${workflow}"`}.`];
  const failures: string[] = [];
  const compare = (what: string, actual: Json, expected: Json | undefined) => {
    if (expected !== undefined && !sameJson(actual, expected))
      failures.push(`${who}: expected ${what} ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}.`);
  };

  const elements = new Set(
    instance.history.flatMap((event) => {
      if (event.kind === 'element-completed') return [event.elementId];
      return event.kind === 'flow-taken' ? [event.flowId] : [];
    }),
  );
  const rest = instance.waitingAt.length === 0 ? '' : `; it rests at ${instance.waitingAt.join(', ')}`;
  for (const id of passed) if (!elements.has(id)) failures.push(`${who}: the instance did not pass "${id}"${rest}.`);
  for (const id of notPassed)
    if (elements.has(id)) failures.push(`${who}: the instance passed "${id}", and should not.`);

  compare('status', instance.status, status);
  compare('tokens at', sorted(instance.waitingAt), waitingAt && sorted(waitingAt));
  compare('open incidents', sorted(instance.incidents.map(({ type }) => type)), incidents && sorted(incidents));
  for (const [name, value] of Object.entries(variables ?? {}))
    compare(`variable "${name}"`, Object.hasOwn(instance.variables, name) ? instance.variables[name]! : null, value);

  const user = simulation.user(userId);
  compare('stage', user.stage, expectation.stage);
  compare('tier', user.tier, expectation.tier);
  for (const tag of expectation.tags ?? [])
    if (!user.tags.includes(tag))
      failures.push(`${who} lacks tag "${tag}"; there is ${user.tags.join(', ') || 'none'}.`);
  return failures;
}

const sorted = (texts: readonly string[]): readonly string[] => [...texts].sort();
