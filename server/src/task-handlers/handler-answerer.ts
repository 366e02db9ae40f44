import type { Json, TaskQuestion } from '@xflow/engine';
import type { PoolClient } from 'pg';
import type { Answer, AskedQuestion, QuestionAnswerer } from '../runner/question-answerer.js';
import type { AnswerHandler } from './task-handler.js';

/** Puts the questions of one task type to its handler, and keeps the batch whole when the handler fails. */
export class HandlerAnswerer implements QuestionAnswerer<TaskQuestion> {
  constructor(
    private readonly type: string,
    private readonly handler: AnswerHandler,
  ) {}

  async answer(questions: readonly AskedQuestion<TaskQuestion>[], client: PoolClient): Promise<readonly Answer[]> {
    const requests = questions.map(({ subjectId, instanceId, elementId, at, question: { config, input } }) => ({
      subjectId,
      instanceId,
      elementId,
      at,
      config,
      input,
    }));
    // A statement that fails would end the transaction, and with it the steps of all other instances.
    await client.query('SAVEPOINT task_handler');
    try {
      const answers = await this.handler.answer(requests, { client });
      if (!Array.isArray(answers) || answers.length !== requests.length) {
        throw new Error(
          `It gave ${Array.isArray(answers) ? answers.length : 'no list of'} answers to ${requests.length} requests.`,
        );
      }
      await client.query('RELEASE SAVEPOINT task_handler');
      return answers.map((answer) => {
        if ('failure' in answer) return { failure: answer.failure };
        const { result, changes } = answer;
        return { answer: { result, ...(changes === undefined ? {} : { changes }) } as unknown as Json };
      });
    } catch (error) {
      await client.query('ROLLBACK TO SAVEPOINT task_handler');
      const said = error instanceof Error ? error.message : String(error);
      const failure = {
        reason: `The task handler "${this.type}" failed: ${said}`,
        remedy: 'Correct the handler or the configuration of the task, and retry the incident.',
      };
      return requests.map(() => ({ failure }));
    }
  }
}
