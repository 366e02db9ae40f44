import { TaskFailure } from '../task-dispatch/task-executor.js';
import { RenderError } from '../templates/templates.service.js';

/** A template that fails once fails always: no attempt is spent on it again. */
export async function renderedFor<Rendered>(render: () => Promise<Rendered>): Promise<Rendered> {
  try {
    return await render();
  } catch (error) {
    if (error instanceof RenderError) throw new TaskFailure(error.reason, error.remedy, false);
    throw error;
  }
}
