import { createHash } from 'node:crypto';
import type { Definition } from '../../src/definition.js';
import type { Input } from '../../src/input.js';
import { inspect } from '../../src/inspect.js';
import { factsOf } from '../../src/time-travel/facts.js';
import { replay } from '../../src/time-travel/replay.js';

/** A history as one version of the engine wrote it. Files are recorded once, by `npm run golden`, and never changed. */
export interface GoldenHistory {
  /** The diagram, as it was deployed then. */
  readonly xml: string;
  readonly instanceId: string;
  readonly subjectId: string;
  readonly steps: readonly {
    readonly input: Input;
    /** What the step brought about, without the words for people and the ids it gave out. */
    readonly facts: readonly string[];
    /** Where the instance stood after the step. */
    readonly status: string;
    readonly waitingAt: readonly string[];
    /** Of the whole state and all events, in their canonical form; absent: recorded before there was one. */
    readonly hash?: string;
  }[];
}

/** What the steps of a history come to today, in the shape in which they were recorded. */
export function stepsToday(
  definition: Definition,
  history: Pick<GoldenHistory, 'instanceId' | 'subjectId'> & { readonly steps: readonly { readonly input: Input }[] },
): GoldenHistory['steps'] {
  return replay(definition, history).map((step) => {
    const { status, waitingAt } = inspect(definition, step.state);
    const hash = hashOf({ state: step.state, events: step.events });
    return { input: step.input, facts: factsOf(step), status, waitingAt, hash };
  });
}

function hashOf(value: object): string {
  return createHash('sha256').update(JSON.stringify(value, canonical)).digest('hex').slice(0, 16);
}

/** Words for people may be put better. */
const words: ReadonlySet<string> = new Set(['reason', 'remedy', 'message']);

/**
 * Keys in their order, and without what says nothing: a field that is null, false or an empty list may as well be absent, so a version
 * that adds one which an old diagram makes no use of comes to the same hash.
 */
function canonical(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, content]) => !words.has(name) && !saysNothing(content))
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}

function saysNothing(content: unknown): boolean {
  return content === null || content === false || (Array.isArray(content) && content.length === 0);
}
