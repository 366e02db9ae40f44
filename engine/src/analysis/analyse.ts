import type { Definition } from '../definition.js';
import type { FlowNode } from '../flow-node.js';
import { explore, type Exploration, placesOf, type Reached, traceTo } from './explore.js';
import type { Wait } from '../instance-state.js';
import { isEndless, findLoops } from './find-loops.js';
import type { TraceStep } from './trace.js';

export interface AnalysisOptions {
  /** Most states to visit; default 20,000. */
  readonly maxStates?: number;
}

export interface Analysis {
  readonly findings: readonly AnalysisFinding[];
  /** How many states were visited. */
  readonly states: number;
  /** Whether every state was. Only then the absence of a finding means something: that under no choice and no order of events there is one. */
  readonly complete: boolean;
  /** Where it is not complete: what was left out, as whole sentences. */
  readonly limits: readonly string[];
}

export type AnalysisRule =
  | 'deadlock'
  | 'join-never-complete'
  | 'more-than-one-token'
  | 'unreachable-element'
  | 'end-never-reached'
  | 'loop-without-wait';

export interface AnalysisFinding {
  readonly rule: AnalysisRule;
  readonly level: 'error' | 'warning';
  readonly elementId: string;
  /** Whole sentence: what is wrong, and where. */
  readonly message: string;
  /** Whole sentence: what to do. */
  readonly remedy: string;
  /** A way to it, as short as there is; empty where the finding is that there is no way. */
  readonly trace: readonly TraceStep[];
}

/**
 * What can go wrong in a process whatever its data: visits its states with `advance` itself. Conditions count as independent of each
 * other, activities as able to end well or with any error that is caught around them, events as able to happen at any time. So a finding may
 * need choices that the data never makes, and the trace shows which; non-interrupting events happen once a visit, and multi-instance
 * activities run not at all, once or twice.
 */
export function analyse(definition: Definition, { maxStates = 20_000 }: AnalysisOptions = {}): Analysis {
  const exploration = explore(definition, maxStates);
  const complete = exploration.limits.length === 0 && exploration.runaways.length === 0;
  const stuck = [...findStuck(definition, exploration, complete)];
  const stuckAt = new Set(stuck.map(({ elementId }) => elementId));
  const findings = [
    ...stuck,
    ...findCrowds(definition, exploration),
    ...findLoopsWithoutWait(definition, exploration),
    ...(complete ? findUnreachable(definition, exploration, stuckAt) : []),
    ...(complete ? findTraps(exploration) : []),
  ];
  const { states, limits } = exploration;
  return { findings, states: states.length, complete, limits };
}

const isDeadlock = ({ state, next, fired }: Reached) =>
  state.status === 'active' &&
  next.length === 0 &&
  // A state that was not followed is none.
  state.tokens.every(({ waits }) => waits.every(({ kind, id }) => inside.has(kind) || fired.has(id)));

/** Waits that something inside of the instance ends. */
const inside: ReadonlySet<Wait['kind']> = new Set(['join', 'children', 'runs', 'thrown']);

/** Active, and nothing can happen any more. One finding a join, with the shortest way to it. */
function* findStuck(
  definition: Definition,
  { states, entered }: Exploration,
  complete: boolean,
): Iterable<AnalysisFinding> {
  const told = new Set<string>();
  for (const reached of states) {
    if (!isDeadlock(reached)) continue;
    for (const { elementId, waits, scopeId } of reached.state.tokens) {
      if (told.has(elementId) || !waits.some(({ kind }) => kind === 'join')) continue;
      told.add(elementId);
      const join = definition.nodes.get(elementId);
      const here = reached.state.tokens.filter((token) => token.elementId === elementId && token.scopeId === scopeId);
      const arrived = new Set(here.map(({ arrivedBy }) => arrivedBy));
      const missing = (join?.incoming ?? []).filter(({ id }) => !arrived.has(id)).map(({ id }) => `"${id}"`);
      const never = complete && !entered.has(elementId);
      yield {
        rule: never ? 'join-never-complete' : 'deadlock',
        level: 'error',
        elementId,
        message: never
          ? `The join "${elementId}" can never be complete: no token ever comes by ${missing.join(', ')} while others wait there.`
          : `The instance can get stuck: a token waits at the join "${elementId}" for one on ${missing.join(', ')}, and none can come any more.`,
        remedy:
          'Join paths with the kind of gateway that has split them: an exclusive gateway where only one of them is taken, an inclusive one where some are.',
        trace: traceTo(reached),
      };
    }
  }
}

/** Two tokens in one place, where no non-interrupting event has made one of them. */
function* findCrowds(definition: Definition, { states }: Exploration): Iterable<AnalysisFinding> {
  const told = new Set<string>();
  for (const reached of states) {
    if (reached.multiplied) continue;
    for (const [first, second] of placesOf(reached.state).values()) {
      if (first === undefined || second === undefined || told.has(first.elementId)) continue;
      // They are meant to come together.
      if (definition.nodes.get(first.elementId)?.quantity != null) continue;
      told.add(first.elementId);
      yield {
        rule: 'more-than-one-token',
        level: 'warning',
        elementId: first.elementId,
        message: `Two tokens can be at "${first.elementId}" at a time: it is done once for each of them.`,
        remedy: 'Join the parallel paths before it, with the kind of gateway that has split them.',
        trace: traceTo(reached),
      };
    }
  }
}

function* findLoopsWithoutWait(definition: Definition, exploration: Exploration): Iterable<AnalysisFinding> {
  for (const { elementId, trace } of exploration.runaways)
    yield {
      rule: 'loop-without-wait',
      level: 'error',
      elementId,
      message: `A token that comes to "${elementId}" goes round for ever, and waits for nothing on its way.`,
      remedy: 'Give the loop a way out, and something to wait for.',
      trace,
    };
  const told = new Set(exploration.runaways.map(({ elementId }) => elementId));
  for (const { reached, edges } of findLoops(exploration.states)) {
    const around = edges.flatMap(({ step }) => step.path).filter((id) => definition.nodes.has(id));
    const elementId = around[0];
    if (elementId === undefined || around.some((id) => told.has(id))) continue;
    around.forEach((id) => told.add(id));
    const endless = isEndless(definition, new Set(around));
    yield {
      rule: 'loop-without-wait',
      level: endless ? 'error' : 'warning',
      elementId,
      message: `Tokens can go round through ${[...new Set(around)].map((id) => `"${id}"`).join(', ')} without waiting for anything${endless ? ', and nothing leads out' : ''}.`,
      remedy: 'Give the loop a timer or another wait; a loop that its data does not end is stopped with an incident.',
      trace: [...traceTo(reached), ...edges.map(({ step }) => step)],
    };
  }
}

/** What no way leads to, whatever is chosen and whatever happens. */
function* findUnreachable(
  definition: Definition,
  { entered }: Exploration,
  stuck: ReadonlySet<string>,
): Iterable<AnalysisFinding> {
  for (const node of definition.nodes.values()) {
    if (entered.has(node.id) || !isEntered(node) || stuck.has(node.id)) continue;
    const isEnd = node.type.endsWith('end-event');
    yield {
      rule: isEnd ? 'end-never-reached' : 'unreachable-element',
      level: 'warning',
      elementId: node.id,
      message: `${isEnd ? 'The end' : 'Element'} "${node.id}" can never be reached, whatever is chosen.`,
      remedy: 'Remove it, or look for the join or the event before it that never happens.',
      trace: [],
    };
  }
}

/** Whether an entry of the element is recorded when it runs. */
function isEntered(node: FlowNode): boolean {
  if (node.type === 'boundary-event') return node.trigger.kind !== 'compensation';
  return !/^event-subprocess/.test(node.type);
}

/** States from which no end can be reached, and no deadlock either: tokens go round for ever. */
function* findTraps({ states }: Exploration): Iterable<AnalysisFinding> {
  const before = new Map<Reached, Reached[]>();
  for (const reached of states)
    for (const { to } of reached.next) {
      const known = before.get(to);
      if (known === undefined) before.set(to, [reached]);
      else known.push(reached);
    }
  const ending = new Set(states.filter((reached) => reached.state.status !== 'active' || isDeadlock(reached)));
  for (const reached of ending) for (const earlier of before.get(reached) ?? []) ending.add(earlier);
  const trapped = states.find((reached) => !ending.has(reached));
  const elementId = trapped?.state.tokens[0]?.elementId;
  if (trapped === undefined || elementId === undefined) return;
  yield {
    rule: 'end-never-reached',
    level: 'error',
    elementId,
    message: `From "${elementId}" on the instance can never end, whatever is chosen and whatever happens.`,
    remedy: 'Give the loop a way out that leads to an end.',
    trace: traceTo(trapped),
  };
}
