import type { Json } from '@xflow/engine';
import {
  TaskHandler,
  type AnswerHandler,
  type AnswerRequest,
  type Job,
  type JobHandler,
} from '../src/task-handlers/task-handler.js';

/** One run of a job, as the outside world saw it. */
export interface LedgerEntry {
  readonly idempotencyKey: string;
  readonly instanceId: string;
  readonly elementId: string;
}

/**
 * A side effect: writes into the ledger, which lies outside of everything that fails. A job whose servers are killed again and again becomes an
 * incident, as it should be, after as many attempts as it has: so many are never needed here.
 */
@TaskHandler('chaos-ledger', { schema: { type: 'object' }, maxAttempts: 100 })
export class LedgerJob implements JobHandler {
  async run({ idempotencyKey, instanceId, elementId }: Job): Promise<Json> {
    const entry: LedgerEntry = { idempotencyKey, instanceId, elementId };
    const response = await fetch(process.env['CHAOS_LEDGER']!, { method: 'POST', body: JSON.stringify(entry) });
    if (!response.ok) throw new Error(`The ledger answered ${response.status}.`);
    return null;
  }
}

/** A change that shows when it is made twice. */
@TaskHandler('chaos-points', {
  schema: { type: 'object', properties: { points: { type: 'number' } } },
})
export class PointsAnswer implements AnswerHandler {
  answer(requests: readonly AnswerRequest[]) {
    return Promise.resolve(
      requests.map(({ config, input }) => ({
        result: null,
        changes: [{ kind: 'points' as const, add: Number(config['points'] ?? input['points']) }],
      })),
    );
  }
}
