import { isStartConditionMet } from '../conditional-start.js';
import type { Definition, StartEvent } from '../definition.js';
import type { Population } from './population.js';

export type ConditionalStart = Extract<StartEvent, { kind: 'conditional' }>;

interface Watched {
  readonly definition: Definition;
  readonly start: ConditionalStart;
  /** Users for whom the condition was true when it was looked at last. */
  readonly met: Set<string>;
}

/** Conditional start events of all workflows (BPMN 2.0.2, 10.5.2): each happens for a user when its condition becomes true. */
export class ConditionalStarts {
  private readonly watched: readonly Watched[];

  constructor(definitions: Iterable<Definition>) {
    this.watched = [...definitions].flatMap((definition) =>
      definition.startEvents.flatMap((start) =>
        start.kind === 'conditional' ? [{ definition, start, met: new Set<string>() }] : [],
      ),
    );
  }

  /** Those that have become true since the user was looked at last. */
  metBy(userId: string, population: Population, at: number): readonly Watched[] {
    return this.watched.filter(({ start, met }) => {
      const { segments } = start.condition.needs;
      const isMet = isStartConditionMet(start.condition, {
        at,
        user: population.profile(userId),
        segments: Object.fromEntries(segments.map((name) => [name, population.isIn(userId, name)])),
      });
      const was = met.has(userId);
      if (isMet) met.add(userId);
      else met.delete(userId);
      return isMet && !was;
    });
  }
}
