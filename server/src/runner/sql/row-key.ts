/** Key of what belongs to an instance: a command, subscription, task or incident. */
export interface RowKey {
  readonly subject_id: string;
  readonly instance_id: string;
  readonly id: string;
}
