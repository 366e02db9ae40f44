import type { BatchOperation } from '@xflow/schemas';

export interface OperationFigures {
  /** Share of what is to be done that has had its turn, 0 to 1. */
  readonly share: number;
  /** Milliseconds since it was ordered; of one that is over, that it took. */
  readonly length: number;
  /** Turns a second, over its whole length, as exactly as one reads it: below 10 to a tenth; null: none yet. */
  readonly rate: number | null;
  /** Milliseconds until it is done, at this rate; null: it is over, or nobody knows. */
  readonly left: number | null;
}

/** How an operation goes. `now`: milliseconds since 1970. */
export function operationFigures(operation: BatchOperation, now: number): OperationFigures {
  const { total, done, failed, createdAt, endedAt, status } = operation;
  const turns = done + failed;
  const length = Math.max(0, (endedAt === null ? now : Date.parse(endedAt)) - Date.parse(createdAt));
  const rate = turns === 0 || length === 0 ? null : (turns * 1000) / length;
  const isOver = endedAt !== null;
  return {
    share: total === 0 ? (isOver ? 1 : 0) : turns / total,
    length,
    rate: rate === null ? null : rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate),
    left: isOver || status === 'collecting' || rate === null ? null : ((total - turns) * 1000) / rate,
  };
}
