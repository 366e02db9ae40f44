import { randomUUID } from 'node:crypto';
import type { CreateTaskEffect, Effect, EndEffect, StartInstanceEffect } from '@xflow/engine';
import { invariant } from '../invariant.js';
import type { BatchRows } from './batch-rows.js';
import { bounds } from './bounds.js';
import type { CallableWorkflow } from './callable-workflows.js';
import { newInstanceId } from './instance-id.js';
import type { LiveInstance } from './live-instance.js';
import type { NewTaskRow } from './sql/insert-tasks.js';
import type { RowKey } from './sql/row-key.js';
import { toTimestamp } from './sql/statement.js';

/** How long a message of an instance is kept for one who comes to wait for it: an hour, in milliseconds. */
const thrownMessageLifetime = 3_600_000;

/**
 * Brings what the steps of an instance want done into the rows of its batch.
 * @param callable of every workflow that the effects call
 */
export function addEffects(
  rows: BatchRows,
  instance: LiveInstance,
  callable: ReadonlyMap<string, CallableWorkflow>,
): void {
  instance.effects.forEach((effect, index) => addEffect(rows, instance, effect, index, callable));
}

function addEffect(
  rows: BatchRows,
  instance: LiveInstance,
  effect: Effect,
  index: number,
  callable: ReadonlyMap<string, CallableWorkflow>,
): void {
  const { subjectId, id: instanceId, workflowKey } = instance;
  const key = (id: string): RowKey => ({ subject_id: subjectId, instance_id: instanceId, id });
  switch (effect.kind) {
    case 'schedule-timer':
      rows.addCommand({
        ...key(effect.timerId),
        due_at: toTimestamp(effect.dueAt),
        kind: 'timer-due',
        payload: { input: { kind: 'timer-due', timerId: effect.timerId } },
        attempts: 0,
      });
      return;
    case 'cancel-timer':
      rows.cancelTimer(key(effect.timerId));
      return;
    case 'open-subscription':
      rows.openSubscription({
        ...key(effect.subscriptionId),
        element_id: effect.elementId,
        event: effect.event,
        message_name: effect.messageName,
        correlation_key: effect.correlationKey,
      });
      return;
    case 'close-subscription':
      rows.closeSubscription(key(effect.subscriptionId));
      return;
    case 'publish-message':
      rows.thrownMessages.push({
        id: randomUUID(),
        name: effect.messageName,
        correlationKey: effect.correlationKey,
        variables: effect.variables,
        publishedAt: rows.now,
        expiresAt: rows.now + thrownMessageLifetime,
        keptUntil: rows.now + thrownMessageLifetime,
      });
      return;
    case 'broadcast-signal': {
      const openedSince = instance.effects
        .slice(index)
        .flatMap((later) => (later.kind === 'open-subscription' ? [later.subscriptionId] : []));
      rows.thrownSignals.push({
        name: effect.signalName,
        variables: effect.variables,
        thrower: { instanceId, openedSince },
      });
      return;
    }
    case 'escalate':
      escalate(rows, instance, effect.code);
      return;
    case 'create-task':
      rows.addTask({ ...key(effect.taskId), workflow_key: workflowKey, ...toTask(effect), created_at: rows.at });
      return;
    case 'cancel-task':
      rows.cancelTask(key(effect.taskId));
      return;
    case 'change-user':
      throw new Error('Expected changes of users to be written while instances advance: advance-instances.ts.');
    case 'start-instance':
      startCalled(rows, instance, effect, callable);
      return;
    case 'cancel-instance':
      rows.cancelCall({
        subject_id: subjectId,
        parent_instance_id: instanceId,
        parent_call_id: effect.callId,
        due_at: rows.at,
      });
      return;
    case 'raise-incident':
      rows.addIncident({
        ...key(effect.incident.id),
        workflow_key: workflowKey,
        element_id: effect.incident.elementId,
        type: effect.incident.type,
        reason: effect.incident.reason,
        remedy: effect.incident.remedy,
        choices: effect.incident.choices,
        raised_at: rows.at,
      });
      return;
    case 'resolve-incident':
      rows.resolveIncident(key(effect.incidentId));
      return;
    case 'rename-elements':
      rows.renameElements(instance, effect.elements);
      return;
    case 'end':
      tellCaller(rows, instance, effect);
      return;
    case 'ask':
      throw new Error('Expected questions to be answered within the step.');
    default:
      throw new Error(`Unknown effect: ${JSON.stringify(effect satisfies never)}.`);
  }
}

function toTask(effect: CreateTaskEffect): Omit<NewTaskRow, keyof RowKey | 'workflow_key' | 'created_at'> {
  const { elementId, elementName, type, taskKind, config, input, idempotencyKey, retry } = effect;
  return {
    element_id: elementId,
    element_name: elementName,
    type,
    kind: taskKind,
    config,
    input,
    idempotency_key: idempotencyKey,
    max_attempts: retry?.attempts ?? null,
    backoff: retry === undefined || retry.backoff.length === 0 ? null : retry.backoff,
  };
}

function startCalled(
  rows: BatchRows,
  instance: LiveInstance,
  { callId, workflowKey, variables }: StartInstanceEffect,
  callableWorkflows: ReadonlyMap<string, CallableWorkflow>,
): void {
  const callable = callableWorkflows.get(workflowKey);
  invariant(callable !== undefined, `Expected that workflow ${workflowKey} was looked up before it is called.`);
  if ('error' in callable) {
    refuseCall(rows, instance, callId, callable.error);
    return;
  }
  if (instance.callDepth >= bounds()['call-depth']) {
    const message = `Calls nest deeper than ${bounds()['call-depth']}. Look for a workflow that calls itself, and give it a way out.`;
    refuseCall(rows, instance, callId, { code: 'call-depth', message });
    return;
  }
  const id = newInstanceId(rows.now);
  rows.addCommandedStart({
    id,
    subjectId: instance.subjectId,
    workflowKey,
    version: callable.version,
    parent: { instanceId: instance.id, callId, depth: instance.callDepth },
    businessKey: instance.businessKey,
    command: rows.inboxCommand(instance.subjectId, id, 'start', { input: { kind: 'start', variables } }),
  });
}

function refuseCall(
  rows: BatchRows,
  { subjectId, id }: LiveInstance,
  callId: string,
  error: { readonly code: string; readonly message: string },
): void {
  const input = { kind: 'call-ended', callId, outcome: 'not-started', error } as const;
  rows.addCommand(rows.inboxCommand(subjectId, id, `call-ended ${callId}`, { input }));
}

function escalate(
  rows: BatchRows,
  { parentInstanceId, parentCallId: callId, subjectId }: LiveInstance,
  code: string,
): void {
  if (parentInstanceId === null || callId === null) return;
  const input = { kind: 'call-escalated', callId, code } as const;
  rows.addCommand(rows.inboxCommand(subjectId, parentInstanceId, `call-escalated ${randomUUID()}`, { input }));
}

function tellCaller(
  rows: BatchRows,
  { parentInstanceId, parentCallId: callId, subjectId }: LiveInstance,
  { outcome, variables, error }: EndEffect,
): void {
  if (parentInstanceId === null || callId === null) return;
  const input = {
    kind: 'call-ended',
    callId,
    outcome,
    variables,
    ...(error === undefined ? {} : { error }),
  } as const;
  rows.addCommand(rows.inboxCommand(subjectId, parentInstanceId, `call-ended ${callId}`, { input }));
}
