import { advance, type Input } from '@xflow/engine';
import type { PoolClient } from 'pg';
import { FaultyInstancesError } from './faulty-instances-error.js';
import { toBoundedText } from './instance-size.js';
import type { LiveInstance } from './live-instance.js';
import type { AnswerRegistry, AskedQuestion } from './question-answerer.js';
import { toTimestamp } from './sql/statement.js';
import { applyUserChanges, type DecidedChange } from './user-changes.js';

/** Rounds of questions after which the size of a state is looked at, though it does not rest. */
const roundsUnbounded = 16;

interface OpenQuestion extends AskedQuestion {
  readonly instance: LiveInstance;
  readonly questionId: string;
}

/**
 * Applies what is pending to all instances of a batch, until every one of them rests. The questions that all of them ask in
 * one round are answered together; an instance takes no other input while a question of its own is open. What the steps decided
 * about users is written before every answer, so that a check sees the tag that the task before it has set.
 * @param at time of the batch: milliseconds since 1970
 * @returns whether conditions are to be looked at that may read what the steps have changed about users
 * @throws {FaultyInstancesError} naming every instance whose step threw in the round, or made it too large.
 */
export async function advanceInstances(
  instances: Iterable<LiveInstance>,
  answers: AnswerRegistry,
  client: PoolClient,
  at: number,
): Promise<boolean> {
  let noted = false;
  let moving = [...instances].filter((instance) => instance.pending.length > 0);
  for (let round = 1; moving.length > 0; round++) {
    const questions: OpenQuestion[] = [];
    const changes: DecidedChange[] = [];
    const faults = new Map<string, unknown>();
    for (const instance of moving) {
      try {
        const asked = questions.length;
        applyUntilAsking(instance, questions, changes);
        const rests = questions.length === asked;
        if (rests || round % roundsUnbounded === 0) instance.stateText = toBoundedText(instance.state);
      } catch (error) {
        faults.set(instance.id, error);
      }
    }
    if (faults.size > 0) throw new FaultyInstancesError(faults);
    if (await applyUserChanges(client, changes, toTimestamp(at))) noted = true;
    if (questions.length === 0) return noted;
    const given = await answers.answer(questions, client);
    const answered = new Map<LiveInstance, Input[]>();
    questions.forEach(({ instance, questionId, at }, index) => {
      const answer = given[index]!;
      const inputs = answered.get(instance) ?? [];
      inputs.push(
        'answer' in answer
          ? { kind: 'answered', at, questionId, answer: answer.answer }
          : { kind: 'answer-failed', at, questionId, ...answer.failure },
      );
      answered.set(instance, inputs);
    });
    for (const [instance, inputs] of answered)
      instance.pending.unshift(...inputs.map((input) => ({ input, source: null })));
    moving = [...answered.keys()];
  }
  return noted;
}

function applyUntilAsking(instance: LiveInstance, questions: OpenQuestion[], changes: DecidedChange[]): void {
  const alreadyAsked = questions.length;
  for (let next = instance.pending.shift(); next; next = instance.pending.shift()) {
    const input = next.prepare === undefined ? next.input : next.prepare(instance);
    if (input === null) continue;
    const { state, effects, events } = advance(instance.definition, instance.state, input);
    const changed = events.length > 0 || effects.length > 0 || state !== instance.state;
    next.applied?.(changed);
    if (!changed) continue;
    instance.state = state;
    instance.steps.push({ input, events });
    for (const effect of effects) {
      if (effect.kind === 'change-user') {
        const { elementId, change, reason } = effect;
        const { subjectId, id: instanceId, workflowKey } = instance;
        changes.push({ subjectId, instanceId, workflowKey, elementId, change, reason });
        continue;
      }
      if (effect.kind !== 'ask') {
        instance.effects.push(effect);
        continue;
      }
      questions.push({
        instance,
        questionId: effect.questionId,
        subjectId: instance.subjectId,
        instanceId: instance.id,
        elementId: effect.elementId,
        at: input.at,
        question: effect.question,
      });
    }
    // Answers to questions asked before come first; other inputs wait until no question is open.
    if (questions.length > alreadyAsked && instance.pending[0]?.source !== null) return;
  }
}
