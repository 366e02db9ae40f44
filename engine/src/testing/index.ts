export {
  createSimulation,
  type IncidentSelector,
  type Simulation,
  type SimulationOptions,
  type TaskSelector,
} from '../simulation/create-simulation.js';
export type { HandlerCall, HandlerOutcome, SimulatedHandler } from '../simulation/handlers.js';
export type { SimulatedUser, SimulatedUserState } from '../simulation/population.js';
export type { SimulatedInstance } from '../simulation/simulated-instance.js';
export { SimulationError } from '../simulation/simulation-error.js';
export { colourDiagram } from './colour-diagram.js';
export { createCoverage, type Coverage, type WorkflowCoverage } from './coverage.js';
export { matchers, type ProcessMatchers } from './matchers.js';
export { runScenario, type ScenarioResult } from './run-scenario.js';
export type { Expectation, Scenario, ScenarioStep } from './scenario.js';
