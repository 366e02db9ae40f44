import { type Schema, Validator } from '@cfworker/json-schema';
import type { Definition } from '../definition.js';
import { parseDateTime, parseDuration } from '../timers/iso-8601.js';
import type { Scenario, ScenarioStep } from './scenario.js';
import { scenarioSchema, stepSchemas } from './scenario-schema.js';

/** Everything that is wrong with a scenario, as whole sentences; none when it is a {@link Scenario} that these workflows can play. */
export function checkScenario(scenario: unknown, definitions: readonly Definition[]): readonly string[] {
  const problems = [...shapeProblems(scenario, scenarioSchema, 'The scenario')];
  const steps: unknown =
    typeof scenario === 'object' && scenario !== null && 'steps' in scenario ? scenario.steps : null;
  if (Array.isArray(steps)) steps.forEach((step: unknown, index) => problems.push(...stepProblems(step, index)));
  return problems.length > 0 ? problems : referenceProblems(scenario as Scenario, definitions);
}

/** The one key of a step: what it does. */
export function actionOf(step: ScenarioStep): string {
  return Object.keys(step)[0] ?? '';
}

function stepProblems(step: unknown, index: number): readonly string[] {
  const place = `Step ${index + 1}`;
  if (typeof step !== 'object' || step === null) return [];
  const keys = Object.keys(step);
  const schema = keys.length === 1 ? stepSchemas.get(keys[0]!) : undefined;
  if (schema === undefined)
    return [
      `${place} must have exactly one of ${[...stepSchemas.keys()].join(', ')}; it has ${keys.join(', ') || 'none'}.`,
    ];
  return shapeProblems(Object.values(step)[0], schema, `${place} (${keys[0]!})`);
}

const containers = new Set(['properties', 'additionalProperties', 'items', 'prefixItems', '$ref']);

function shapeProblems(value: unknown, schema: Schema, what: string): readonly string[] {
  return new Validator(schema, '2020-12', false)
    .validate(value)
    .errors.filter(({ keyword }) => !containers.has(keyword))
    .map(({ instanceLocation, keyword, error }) => {
      const place = instanceLocation.split('/').slice(1).join('.');
      if (keyword === 'false') return `${what} knows no "${place}".`;
      return `${what} is wrong${place === '' ? '' : ` at "${place}"`}: ${error}`;
    });
}

/** Users, workflows, elements and times that the scenario names but that are not there. */
function referenceProblems(
  { now, users, steps, expect }: Scenario,
  definitions: readonly Definition[],
): readonly string[] {
  const problems: string[] = [];
  const keys = new Set(definitions.map(({ key }) => key));
  const userIds = new Set(users.map(({ id }) => id));
  const isElement = (id: string) => definitions.some(({ nodes, flows }) => nodes.has(id) || flows.has(id));

  const checkUser = (place: string, user: string | undefined) => {
    if (user !== undefined && !userIds.has(user))
      problems.push(`${place} names user "${user}", who is not among users.`);
  };
  const checkWorkflow = (place: string, workflow: string | undefined) => {
    if (workflow !== undefined && !keys.has(workflow))
      problems.push(
        `${place} names workflow "${workflow}"; there is ${[...keys].map((key) => `"${key}"`).join(', ')}.`,
      );
  };
  const checkElements = (place: string, ids: readonly string[] = []) => {
    for (const id of ids)
      if (!isElement(id)) problems.push(`${place} names element "${id}", which no workflow contains.`);
  };

  if (parseDateTime(now) === null) problems.push(`The scenario's now "${now}" is no ISO 8601 time.`);
  if (userIds.size < users.length) problems.push('The scenario names a user twice.');
  steps.forEach((step, index) => {
    const place = `Step ${index + 1} (${actionOf(step)})`;
    if ('advanceBy' in step) {
      if (parseDuration(step.advanceBy) === null)
        problems.push(`${place}: "${step.advanceBy}" is no ISO 8601 duration.`);
    } else if ('advanceTo' in step) {
      if (parseDateTime(step.advanceTo) === null) problems.push(`${place}: "${step.advanceTo}" is no ISO 8601 time.`);
    } else if ('start' in step) {
      checkUser(place, step.start.user);
      checkWorkflow(place, step.start.workflow);
      if (step.start.workflow === undefined && keys.size !== 1)
        problems.push(`${place} must name its workflow, because there are ${keys.size}.`);
    } else if ('cancel' in step) {
      checkUser(place, step.cancel.user);
      checkWorkflow(place, step.cancel.workflow);
    } else if (!('publishMessage' in step)) {
      const target = Object.values(step)[0] as { readonly user?: string; readonly element?: string };
      checkUser(place, target.user);
      checkElements(place, target.element === undefined ? [] : [target.element]);
    }
    if (
      'resolveIncident' in step &&
      (step.resolveIncident.action === 'take-flow') !== (step.resolveIncident.flowId !== undefined)
    )
      problems.push(`${place} must have a flowId with action take-flow, and only with it.`);
  });
  expect.forEach((expectation, index) => {
    const place = `Expectation ${index + 1}`;
    checkUser(place, expectation.user);
    checkWorkflow(place, expectation.workflow);
    checkElements(place, expectation.passed);
    checkElements(place, expectation.notPassed);
    checkElements(place, expectation.waitingAt);
  });
  return problems;
}
