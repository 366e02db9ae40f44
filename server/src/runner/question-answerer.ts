import { Injectable } from '@nestjs/common';
import type { Json, Question } from '@xflow/engine';
import type { PoolClient } from 'pg';

/** A question of one instance, as the batch hands it on. `at`: milliseconds since 1970, the time of the step. */
export interface AskedQuestion<Q extends Question = Question> {
  readonly subjectId: string;
  readonly instanceId: string;
  readonly elementId: string;
  readonly at: number;
  readonly question: Q;
}

/** The answer (its shape: engine/src/question.ts), or why there is none: whole sentences. */
export type Answer =
  { readonly answer: Json } | { readonly failure: { readonly reason: string; readonly remedy: string } };

/**
 * Answers all questions of one kind, or of one task type, that a batch of steps has gathered.
 *
 * One answer a question, in their order. `client` is in the transaction of the batch: what is read there is of one
 * piece with the step, what is written there is committed with it, or not at all. The number of statements must not
 * depend on the number of questions. Throwing fails the whole batch, so it is for broken invariants only.
 */
export interface QuestionAnswerer<Q extends Question = Question> {
  answer(questions: readonly AskedQuestion<Q>[], client: PoolClient): Promise<readonly Answer[]>;
}

type PlainKind = Exclude<Question['kind'], 'task'>;
type QuestionOf<K extends Question['kind']> = Extract<Question, { kind: K }>;

/** Who answers what. The domains register themselves when their modules start. */
@Injectable()
export class AnswerRegistry {
  private readonly answerers = new Map<string, QuestionAnswerer>();

  /** @throws when the kind has an answerer already. */
  register<K extends PlainKind>(kind: K, answerer: QuestionAnswerer<QuestionOf<K>>): void {
    this.add(kind, answerer as unknown as QuestionAnswerer);
  }

  /** @throws when the task type has an answerer already. */
  registerTask(type: string, answerer: QuestionAnswerer<QuestionOf<'task'>>): void {
    this.add(`task ${type}`, answerer as unknown as QuestionAnswerer);
  }

  /** Answers questions of any kinds, in their order: one call of an answerer for each kind and task type among them. */
  async answer(questions: readonly AskedQuestion[], client: PoolClient): Promise<readonly Answer[]> {
    const groups = new Map<string, { asked: AskedQuestion[]; places: number[] }>();
    questions.forEach((asked, place) => {
      const name = nameOf(asked.question);
      const group = groups.get(name) ?? { asked: [], places: [] };
      group.asked.push(asked);
      group.places.push(place);
      groups.set(name, group);
    });
    const answers: Answer[] = new Array<Answer>(questions.length);
    for (const [name, { asked, places }] of groups) {
      const answerer = this.answerers.get(name);
      const given = answerer ? await answerer.answer(asked, client) : asked.map(() => nobodyAnswers(name));
      if (given.length !== asked.length)
        throw new Error(`Expected ${asked.length} answers to questions of ${name}, got ${given.length}.`);
      given.forEach((answer, index) => (answers[places[index]!] = answer));
    }
    return answers;
  }

  private add(name: string, answerer: QuestionAnswerer): void {
    if (this.answerers.has(name))
      throw new Error(`Two answerers claim questions of ${name}. Remove one, or rename its task type.`);
    this.answerers.set(name, answerer);
  }
}

const nameOf = (question: Question): string => (question.kind === 'task' ? `task ${question.type}` : question.kind);

const nobodyAnswers = (name: string): Answer => ({
  failure: {
    reason: `No part of this server answers questions of ${name}.`,
    remedy: 'Register a task handler of this type, or remove the element from the diagram, and retry the incident.',
  },
});
