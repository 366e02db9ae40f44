import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Json, ProfileQuestion } from '@xflow/engine';
import type { PoolClient } from 'pg';
import { AnswerRegistry, type Answer, type AskedQuestion, type QuestionAnswerer } from '../runner/question-answerer.js';

/** Answers who the subjects are, all of a batch in one statement. A subject without a profile is answered as an empty one. */
@Injectable()
export class ProfileAnswerer implements QuestionAnswerer<ProfileQuestion>, OnModuleInit {
  constructor(private readonly registry: AnswerRegistry) {}

  onModuleInit(): void {
    this.registry.register('profile', this);
  }

  async answer(questions: readonly AskedQuestion<ProfileQuestion>[], client: PoolClient): Promise<readonly Answer[]> {
    const { rows } = await client.query<{ id: string; profile: Json }>({
      name: 'read-profiles',
      text: `SELECT subject_id AS id, json_build_object('id', subject_id, 'attributes', attributes, 'tags', tags,
               'stage', stage, 'tier', tier, 'points', points) AS profile
             FROM user_profile WHERE subject_id = ANY ($1::text[])`,
      values: [questions.map((asked) => asked.subjectId)],
    });
    const profiles = new Map(rows.map((row) => [row.id, row.profile]));
    return questions.map(({ subjectId }) => ({
      answer: profiles.get(subjectId) ?? {
        id: subjectId,
        attributes: {},
        tags: [],
        stage: null,
        tier: null,
        points: 0,
      },
    }));
  }
}
