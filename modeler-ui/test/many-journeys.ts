import type { BatchOperation, InstanceSummary, JobPage, Workflow } from '@xflow/schemas';
import { journey, journeyStatus } from './journey.js';

/** An id that no column has room for. */
export const longUser = `a-user-of-${'many-letters-'.repeat(12)}`;
/** Three journeys under way; the last is of the user with the long id. */
export const instances: readonly InstanceSummary[] = ['i1', 'i2', 'i3'].map((id, index) => {
  const {
    tokens: _tokens,
    variables: _variables,
    scopes: _scopes,
    incidents: _incidents,
    ...summary
  } = journeyStatus();
  return { ...summary, id, userId: index === 2 ? longUser : `u${index + 1}` };
});
/** A migration that is under way, and of which some have failed. */
export const operation: BatchOperation = {
  id: 'o1',
  action: 'migrate',
  filter: { workflow: 'vip', variables: ['plan=gold'] },
  version: 2,
  mapping: [{ source: 'Wait', target: 'Late' }],
  incidents: null,
  status: 'running',
  total: 1000,
  done: 250,
  failed: 50,
  ratePerSecond: 100,
  createdAt: new Date(Date.now() - 60_000).toISOString(),
  endedAt: null,
};
/** A cause that very many incidents have. */
export const group = {
  workflowKey: 'vip',
  elementId: 'Big',
  type: 'no-flow-chosen',
  reason: 'No flow of "Big spender?" could be taken.',
  remedy: 'Choose the flow to take.',
  count: 1204,
  firstAt: '2026-01-05T09:00:00Z',
  lastAt: '2026-01-06T09:00:00Z',
};
/** A job that a worker outside has leased. */
export const job: JobPage['items'][number] = {
  id: 'i1:k1',
  type: 'charge-card',
  instanceId: 'i1',
  workflowKey: 'vip',
  userId: 'u1',
  elementId: 'Check',
  name: 'Charge the card',
  state: 'leased',
  heldBy: 'worker',
  worker: 'billing-1',
  leasedUntil: '2026-01-05T09:05:00Z',
  retryAt: null,
  attempts: 2,
  maxAttempts: 5,
  lastError: 'The bank did not answer.',
  createdAt: '2026-01-05T09:00:00Z',
};
/** The journey with a second start event. */
export const twoStarts = journey.replace(
  '<bpmn:endEvent id="Late">',
  '<bpmn:startEvent id="Again" name="Once more" /><bpmn:endEvent id="Late">',
);
/** More versions than one wants to see; the active one is an old one. */
export const versions: Workflow['versions'] = Array.from({ length: 12 }, (_, index) => ({
  version: 12 - index,
  state: index === 9 ? 'active' : 'inactive',
  running: 0,
  deployedAt: '2026-01-05T09:00:00Z',
}));
