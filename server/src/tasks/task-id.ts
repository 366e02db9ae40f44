import { isUuid } from '../instances/is-uuid.js';
import type { TaskAddress } from './sql/find-tasks.js';

/** The id of a task outside of the server: `instanceId:taskId`. */
export const taskId = ({ instance_id, id }: TaskAddress): string => `${instance_id}:${id}`;

/** Null: no task can have this id. */
export function taskAddress(id: string): TaskAddress | null {
  const colon = id.indexOf(':');
  const instanceId = id.slice(0, Math.max(colon, 0)).toLowerCase();
  return isUuid(instanceId) ? { instance_id: instanceId, id: id.slice(colon + 1) } : null;
}
