import type { TaskAnswer, Variables } from '@xflow/engine';
import { TaskHandler, type AnswerHandler, type AnswerRequest } from '../task-handler.js';

/** Configuration: schemas/tasks/update-profile.json */
interface Config {
  readonly set: Variables;
}

/** Sets attributes of the user; null removes one. The result: what was set. */
@TaskHandler('update-profile')
export class UpdateProfile implements AnswerHandler<Config> {
  answer(requests: readonly AnswerRequest<Config>[]): Promise<readonly TaskAnswer[]> {
    return Promise.resolve(
      requests.map(({ config: { set } }) => ({ result: set, changes: [{ kind: 'attributes', set }] })),
    );
  }
}
