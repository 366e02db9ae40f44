import type { TaskAnswer } from '@xflow/engine';
import { TaskHandler, type AnswerHandler, type AnswerRequest } from '../task-handler.js';

/** Configuration: schemas/tasks/tag.json */
interface Config {
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}

/** Adds tags to the user, and takes tags away. The result: which. */
@TaskHandler('tag')
export class Tag implements AnswerHandler<Config> {
  answer(requests: readonly AnswerRequest<Config>[]): Promise<readonly TaskAnswer[]> {
    return Promise.resolve(
      requests.map(({ config: { add = [], remove = [] } }) => ({
        result: { add, remove },
        changes: [{ kind: 'tag', add, remove }],
      })),
    );
  }
}
