export { advance, type Advanced } from './advance.js';
export { callWithoutStart, chooseStart, type StartChoice } from './choose-start.js';
export { createInstance, type NewInstance } from './create-instance.js';
export { inspect, type Inspection } from './inspect.js';
export type { InstanceState } from './instance-state.js';
export { stateFromJson, stateToJson, type StoredState } from './state-json.js';
export type { Json, Variables } from './json.js';
export type * from './input.js';
export type * from './effect.js';
export type * from './question.js';
export type * from './data-mapping.js';
export type * from './definition.js';
export type * from './expression.js';
export type * from './flow-node.js';
export type * from './loop-spec.js';
export type * from './task-spec.js';
export type * from './thrown.js';
export type * from './timer-spec.js';
export type * from './trigger.js';
export type { UserChange } from './user-change.js';
export type { HistoryEvent, Problem, TaskType } from '@xflow/schemas';
export { compile, type CompileOptions, type CompileResult } from './compile/compile.js';
export type { ForeignMapping } from './compile/foreign-mappings.js';
export { checkMigration, type MigrationCheck } from './step/check-migration.js';
export { checkModification } from './step/modify.js';
export type { Obstacle } from './step/obstacle.js';
export { lint } from './lint.js';
export { watchScripts, type ScriptWatch } from './scripts/sandbox.js';
export { compileDecisions, type DecisionsResult } from './dmn/compile-decisions.js';
export {
  evaluateDecision,
  type Decision,
  type DecisionContext,
  type DecisionOutcome,
  type DecisionValue,
  type MatchedRules,
} from './dmn/decision.js';
export { nextStart } from './timers/next-start.js';
export { isStartConditionMet, type ConditionalStartContext } from './conditional-start.js';
export { watchesUser } from './step/conditions.js';
export {
  createSimulation,
  type IncidentSelector,
  type Simulation,
  type SimulationOptions,
  type TaskSelector,
} from './simulation/create-simulation.js';
export type { HandlerCall, HandlerOutcome, SimulatedHandler } from './simulation/handlers.js';
export type { SimulatedUser, SimulatedUserState } from './simulation/population.js';
export type { TraceRecord } from './simulation/runner.js';
export type { SimulatedInstance } from './simulation/simulated-instance.js';
export { SimulationError } from './simulation/simulation-error.js';
export {
  replay,
  historyOf,
  type RecordedHistory,
  type ReplayedStep,
  type ReplayOptions,
} from './time-travel/replay.js';
export { fork, type Fork, type ForkOptions } from './time-travel/fork.js';
export { diffBehaviour, type BehaviourChange, type BehaviourDiff, type Outcome } from './time-travel/diff-behaviour.js';
export {
  analyse,
  type Analysis,
  type AnalysisFinding,
  type AnalysisOptions,
  type AnalysisRule,
} from './analysis/analyse.js';
export { describeStep, type TraceStep } from './analysis/trace.js';
