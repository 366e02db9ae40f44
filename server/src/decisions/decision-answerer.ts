import { Injectable, type OnModuleInit } from '@nestjs/common';
import { evaluateDecision, type DecisionAnswer, type DecisionQuestion, type Json } from '@xflow/engine';
import type { PoolClient } from 'pg';
import { AnswerRegistry, type Answer, type AskedQuestion, type QuestionAnswerer } from '../runner/question-answerer.js';
import { DecisionCache } from './decision-cache.js';
import { findNewestDecisions, type NewestDecision } from './sql/find-newest-decisions.js';

/** Answers the decisions of business rule tasks in their newest versions: one statement for all questions of a batch. */
@Injectable()
export class DecisionAnswerer implements QuestionAnswerer<DecisionQuestion>, OnModuleInit {
  constructor(
    private readonly registry: AnswerRegistry,
    private readonly cache: DecisionCache,
  ) {}

  onModuleInit(): void {
    this.registry.register('decision', this);
  }

  async answer(questions: readonly AskedQuestion<DecisionQuestion>[], client: PoolClient): Promise<readonly Answer[]> {
    const newest = await findNewestDecisions(client, [...new Set(questions.map(({ question }) => question.decision))]);
    const answers: Answer[] = [];
    for (const { at, question } of questions)
      answers.push(await this.decide(question, at, newest.get(question.decision), client));
    return answers;
  }

  private async decide(
    { decision: id, variables }: DecisionQuestion,
    at: number,
    newest: NewestDecision | undefined,
    client: PoolClient,
  ): Promise<Answer> {
    if (!newest)
      return {
        failure: {
          reason: `There is no decision "${id}".`,
          remedy: 'Deploy the DMN file that holds it, or correct the id, and retry the incident.',
        },
      };
    const outcome = await this.cache.get(newest.deployment_id, client).then(
      (decisions) => evaluateDecision(decisions.get(id)!, { at, variables }),
      (error: unknown) => ({
        ok: false as const,
        reason: `Decision "${id}" cannot be used. ${error instanceof Error ? error.message : String(error)}`,
        remedy: 'Deploy a correct version of its file, and retry the incident.',
      }),
    );
    if (!outcome.ok) return { failure: { reason: outcome.reason, remedy: outcome.remedy } };
    const answer: DecisionAnswer = { result: outcome.value, matched: outcome.matched };
    return { answer: answer as unknown as Json };
  }
}
