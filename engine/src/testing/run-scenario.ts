import type { Definition } from '../definition.js';
import type { Decision } from '../dmn/decision.js';
import { createSimulation, type Simulation } from '../simulation/create-simulation.js';
import type { TraceRecord } from '../simulation/runner.js';
import { SimulationError } from '../simulation/simulation-error.js';
import { checkExpectation, instanceOf } from './check-expectation.js';
import { actionOf, checkScenario } from './check-scenario.js';
import type { Scenario, ScenarioStep } from './scenario.js';

export interface ScenarioResult {
  readonly ok: boolean;
  /** Whole sentences: what is wrong with the scenario, or what did not come about as it says. */
  readonly failures: readonly string[];
  readonly trace: readonly TraceRecord[];
  /** At the end of the story; null when the scenario is not valid and was not played. */
  readonly simulation: Simulation | null;
}

/**
 * Plays a scenario and compares the end with what it expects. `scenario` may be the parsed content of any file: what is wrong
 * with it is told, all at once, before anything runs. Never throws for bad input.
 */
export function runScenario({
  definitions,
  decisions = [],
  scenario,
}: {
  readonly definitions: readonly Definition[];
  /** What business rule tasks may ask. */
  readonly decisions?: readonly Decision[];
  readonly scenario: unknown;
}): ScenarioResult {
  const problems = checkScenario(scenario, definitions);
  if (problems.length > 0) return { ok: false, failures: problems, trace: [], simulation: null };
  return play(definitions, decisions, scenario as Scenario);
}

function play(definitions: readonly Definition[], decisions: readonly Decision[], scenario: Scenario): ScenarioResult {
  const { now, seed, users, handlers = {}, steps, expect } = scenario;
  const simulation = createSimulation({ definitions, decisions, now, seed, users, handlers });
  const failures: string[] = [];
  for (const [index, step] of steps.entries()) {
    try {
      take(simulation, step, definitions);
    } catch (error) {
      if (!(error instanceof SimulationError)) throw error;
      failures.push(`Step ${index + 1} (${actionOf(step)}) could not be taken: ${error.message}`);
      break;
    }
  }
  if (failures.length === 0)
    for (const expectation of expect) failures.push(...checkExpectation(simulation, expectation));
  return { ok: failures.length === 0, failures, trace: simulation.trace, simulation };
}

function take(simulation: Simulation, step: ScenarioStep, definitions: readonly Definition[]): void {
  if ('start' in step) {
    const { workflow, ...options } = step.start;
    simulation.start(workflow ?? definitions[0]?.key ?? '', options);
  } else if ('advanceBy' in step) simulation.advanceBy(step.advanceBy);
  else if ('advanceTo' in step) simulation.advanceTo(step.advanceTo);
  else if ('publishMessage' in step) {
    const { name, ...message } = step.publishMessage;
    simulation.publishMessage(name, message);
  } else if ('broadcastSignal' in step)
    simulation.broadcastSignal(step.broadcastSignal.name, step.broadcastSignal.variables);
  else if ('changeUser' in step) {
    const { user, ...change } = step.changeUser;
    simulation.changeUser(user, change);
  } else if ('completeTask' in step) simulation.completeTask(step.completeTask);
  else if ('failTask' in step) simulation.failTask(step.failTask);
  else if ('throwError' in step) simulation.throwError(step.throwError);
  else if ('cancel' in step) {
    const instance = instanceOf(simulation, step.cancel);
    if (instance === null) throw new SimulationError(`User "${step.cancel.user}" has no instance to cancel.`);
    simulation.cancel(instance.id);
  } else {
    const { action, flowId, ...selector } = step.resolveIncident;
    simulation.resolveIncident(
      action === 'take-flow' ? { ...selector, action, flowId: flowId ?? '' } : { ...selector, action },
    );
  }
}
