export { runScenario, type ScenarioResult } from './run-scenario.js';
export type { Expectation, Scenario, ScenarioStep } from './scenario.js';
