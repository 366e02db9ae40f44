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
  }[];
}

/** What the steps of a history come to today, in the shape in which they were recorded. */
export function stepsToday(
  definition: Definition,
  history: Pick<GoldenHistory, 'instanceId' | 'subjectId'> & { readonly steps: readonly { readonly input: Input }[] },
): GoldenHistory['steps'] {
  return replay(definition, history).map((step) => {
    const { status, waitingAt } = inspect(definition, step.state);
    return { input: step.input, facts: factsOf(step), status, waitingAt };
  });
}
