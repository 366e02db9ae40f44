import type { AskEffect } from '../effect.js';
import type { Input } from '../input.js';
import type { Json } from '../json.js';
import type { Handlers } from './handlers.js';
import type { Population } from './population.js';
import type { InstanceRecord } from './simulated-instance.js';

/**
 * The answer to what an element asks, from the users and the handlers of a simulation.
 * @param at milliseconds since 1970
 */
export function answerQuestion(
  { definition, state: { subjectId } }: InstanceRecord,
  { questionId, elementId, question }: AskEffect,
  population: Population,
  handlers: Handlers,
  at: number,
): Input {
  const answered = (answer: unknown): Input => ({ kind: 'answered', at, questionId, answer: answer as Json });
  switch (question.kind) {
    case 'profile':
      return answered(population.profile(subjectId));
    case 'segments':
      return answered(Object.fromEntries(question.segments.map((name) => [name, population.isIn(subjectId, name)])));
    case 'reach':
      return answered(population.reach(subjectId, at, question.cap));
    case 'decision': {
      const outcome = handlers.decide(question, at);
      if (outcome.ok) return answered({ result: outcome.value, matched: outcome.matched });
      return { kind: 'answer-failed', at, questionId, reason: outcome.reason, remedy: outcome.remedy };
    }
    case 'task': {
      const element = { id: elementId, name: definition.nodes.get(elementId)?.name ?? null };
      const answer = handlers.answer(question, element, subjectId, at);
      if ('failure' in answer) return { kind: 'answer-failed', at, questionId, reason: answer.failure };
      return answered(answer);
    }
  }
}
