import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ReachQuestion } from '@xflow/engine';
import { Duration } from 'luxon';
import type { PoolClient } from 'pg';
import { AnswerRegistry, type Answer, type AskedQuestion, type QuestionAnswerer } from '../runner/question-answerer.js';

type Asked = AskedQuestion<ReachQuestion>;

/**
 * Decides under the frequency caps whether users may be reached, and counts those who are: `max` messages within the
 * last `window` milliseconds, over all journeys. Three statements for any number of questions.
 */
@Injectable()
export class ReachAnswerer implements QuestionAnswerer<ReachQuestion>, OnModuleInit {
  constructor(private readonly registry: AnswerRegistry) {}

  onModuleInit(): void {
    this.registry.register('reach', this);
  }

  async answer(questions: readonly Asked[], client: PoolClient): Promise<readonly Answer[]> {
    const subjectIds = [...new Set(questions.map((asked) => asked.subjectId))].sort();
    await lockUsers(subjectIds, client);
    const reached = await reachedSince(earliest(questions), subjectIds, client);
    const allowed: Asked[] = [];
    // In their order, each seeing those before: two messages of one batch do not both pass a cap of one.
    const answers = questions.map((asked): Answer => {
      const { subjectId, at, question } = asked;
      const times = reached.get(subjectId) ?? [];
      const { max, window } = question.cap;
      if (times.filter((time) => time > at - window).length >= max) {
        return { answer: { allowed: false, reason: refusal(question.cap) } };
      }
      reached.set(subjectId, [...times, at]);
      allowed.push(asked);
      return { answer: { allowed: true } };
    });
    await count(allowed, client);
    return answers;
  }
}

function refusal({ max, window }: ReachQuestion['cap']): string {
  const length = Duration.fromMillis(window).rescale().toHuman();
  return `The user was reached ${max === 1 ? 'once' : `${max} times`} within the last ${length}, which is what the frequency cap allows.`;
}

function earliest(questions: readonly Asked[]): number {
  return questions.reduce((time, { at, question }) => Math.min(time, at - question.cap.window), Infinity);
}

/** Locks: the users' rows, in the order of their ids, so that two batches do not both give one user the last of a cap. */
async function lockUsers(subjectIds: readonly string[], client: PoolClient): Promise<void> {
  await client.query({
    name: 'lock-users',
    text: 'SELECT FROM user_profile WHERE subject_id = ANY ($1::text[]) ORDER BY subject_id FOR NO KEY UPDATE',
    values: [subjectIds],
  });
}

async function reachedSince(
  since: number,
  subjectIds: readonly string[],
  client: PoolClient,
): Promise<Map<string, readonly number[]>> {
  const { rows } = await client.query<{ subject_id: string; times: string[] }>({
    name: 'reached-since',
    text: `SELECT subject_id, array_agg((extract(epoch FROM at) * 1000)::bigint) AS times FROM reach
           WHERE subject_id = ANY ($1::text[]) AND at > $2::timestamptz GROUP BY subject_id`,
    values: [subjectIds, new Date(since).toISOString()],
  });
  return new Map(rows.map((row) => [row.subject_id, row.times.map(Number)]));
}

async function count(allowed: readonly Asked[], client: PoolClient): Promise<void> {
  if (allowed.length === 0) return;
  await client.query({
    name: 'count-reach',
    text: `INSERT INTO reach (subject_id, at, channel, instance_id, element_id)
           SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::text[], $4::uuid[], $5::text[])`,
    values: [
      allowed.map((asked) => asked.subjectId),
      allowed.map((asked) => new Date(asked.at).toISOString()),
      allowed.map((asked) => asked.question.channel),
      allowed.map((asked) => asked.instanceId),
      allowed.map((asked) => asked.elementId),
    ],
  });
}
