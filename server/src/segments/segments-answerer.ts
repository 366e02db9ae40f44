import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { SegmentsQuestion } from '@xflow/engine';
import type { PoolClient } from 'pg';
import { AnswerRegistry, type Answer, type AskedQuestion, type QuestionAnswerer } from '../runner/question-answerer.js';
import { SegmentsService } from './segments.service.js';

/** Answers `segment("...")` of expressions: one statement for each distinct segment of a batch. */
@Injectable()
export class SegmentsAnswerer implements QuestionAnswerer<SegmentsQuestion>, OnModuleInit {
  constructor(
    private readonly registry: AnswerRegistry,
    private readonly segments: SegmentsService,
  ) {}

  onModuleInit(): void {
    this.registry.register('segments', this);
  }

  async answer(questions: readonly AskedQuestion<SegmentsQuestion>[], client: PoolClient): Promise<readonly Answer[]> {
    const pairs = questions.flatMap(({ subjectId, at, question }) =>
      question.segments.map((segment) => ({ subjectId, at, segment })),
    );
    const memberships = await this.segments.memberships(pairs, client);
    let next = 0;
    return questions.map(({ question }) => {
      const own = question.segments.map((name): [string, boolean | null] => [name, memberships[next++]!]);
      const missing = own.find(([, member]) => member === null);
      if (missing !== undefined) {
        return {
          failure: {
            reason: `There is no segment "${missing[0]}".`,
            remedy: 'Create the segment, and retry the incident.',
          },
        };
      }
      return { answer: Object.fromEntries(own) };
    });
  }
}
