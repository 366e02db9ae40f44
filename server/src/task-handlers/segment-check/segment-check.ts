import type { TaskAnswer } from '@xflow/engine';
import { SegmentsService } from '../../segments/segments.service.js';
import {
  TaskHandler,
  type AnswerContext,
  type AnswerFailure,
  type AnswerHandler,
  type AnswerRequest,
} from '../task-handler.js';

/** Configuration: schemas/tasks/segment-check.json */
interface Config {
  readonly segment: string;
}

/** Asks whether the user is in a segment: true or false. */
@TaskHandler('segment-check')
export class SegmentCheck implements AnswerHandler<Config> {
  constructor(private readonly segments: SegmentsService) {}

  async answer(
    requests: readonly AnswerRequest<Config>[],
    { client }: AnswerContext,
  ): Promise<readonly (TaskAnswer | AnswerFailure)[]> {
    const pairs = requests.map(({ subjectId, at, config }) => ({ subjectId, at, segment: config.segment }));
    const members = await this.segments.memberships(pairs, client);
    return members.map((member, index) =>
      member === null
        ? {
            failure: {
              reason: `There is no segment "${pairs[index]!.segment}".`,
              remedy: 'Create the segment, and retry the incident.',
            },
          }
        : { result: member },
    );
  }
}
