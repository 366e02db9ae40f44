import { createInstance, type Definition, type StartInput } from '@xflow/engine';
import { NotFoundError } from '../http-problems/problem-error.js';
import type { BatchContext } from './batch-context.js';
import { idempotencyMismatch } from './idempotency-mismatch.js';
import type { QueuedRequest, StartOrder } from './request.js';
import { findStartableVersions, type StartableVersions } from './sql/find-startable-versions.js';
import { findUsers } from './sql/find-users.js';
import { inOrder } from './sql/in-order.js';
import { releaseIdempotencyKeys } from './sql/release-idempotency-keys.js';
import { reserveIdempotencyKeys, type IdempotencyRow } from './sql/reserve-idempotency-keys.js';
import { startEventToStart } from './start-event-to-start.js';
import { versionToStart } from './version-to-start.js';

/** What a start goes to, and the part of its input that says where it begins. */
interface StartableDefinition {
  readonly version: number;
  readonly definition: Definition;
  readonly input: Pick<StartInput, 'startEventId'>;
}

/** What the database knows about the starts of a batch. */
interface Lookups {
  /** Those that are no repeats of one before. */
  readonly fresh: readonly QueuedRequest<StartOrder>[];
  readonly versions: ReadonlyMap<string, StartableVersions>;
  readonly users: ReadonlySet<string>;
}

/** The starts of one batch. */
export class StartRequests {
  constructor(private readonly batch: BatchContext) {}

  async look(): Promise<Lookups> {
    const { client } = this.batch;
    const orders = this.batch.requestsOf('start').map(({ request }) => request);
    const [fresh, versions, users] = await inOrder(
      this.fresh(),
      findStartableVersions(client, [...new Set(orders.map((order) => order.workflowKey))]),
      findUsers(client, [...new Set(orders.map((order) => order.subjectId))]),
    );
    return { fresh, versions, users };
  }

  /** Makes the new instances ready to advance; refuses what cannot be started. */
  async begin(lookups: Lookups): Promise<void> {
    const { batch } = this;
    const released: string[] = [];
    for (const { request, resolve, reject } of lookups.fresh) {
      const { instanceId, subjectId, workflowKey } = request;
      const started = await this.startable(request, lookups);
      if (started instanceof Error) {
        if (request.idempotency) released.push(request.idempotency.key);
        batch.settle.push(() => reject(started));
        continue;
      }
      batch.live.set(instanceId, {
        subjectId,
        id: instanceId,
        workflowKey,
        version: started.version,
        definition: started.definition,
        parentInstanceId: null,
        parentCallId: null,
        callDepth: 0,
        businessKey: request.businessKey,
        storedRevision: null,
        counted: null,
        migrated: false,
        openFaults: 0,
        state: createInstance({
          instanceId,
          subjectId,
          ...(request.businessKey === null ? {} : { businessKey: request.businessKey }),
        }),
        stateText: '',
        pending: [
          { input: { kind: 'start', at: batch.work.at, ...started.input, variables: request.variables }, source: null },
        ],
        steps: [],
        effects: [],
      });
      batch.settle.push(() => resolve({ instanceId, subjectId }));
    }
    await releaseIdempotencyKeys(batch.client, released);
  }

  /** The definition to start; or why it cannot be started. */
  private async startable(
    { instanceId, workflowKey, version, subjectId, startEvent }: StartOrder,
    { versions, users }: Lookups,
  ): Promise<StartableDefinition | Error> {
    const { faulty, services } = this.batch;
    if (faulty.has(instanceId)) return this.batch.stepFailed(instanceId);
    const chosen = versionToStart(workflowKey, version, versions.get(workflowKey));
    if (chosen instanceof Error) return chosen;
    if (!users.has(subjectId)) return unknownUser(subjectId);
    try {
      const definition = await services.definitions.get(workflowKey, chosen);
      const input = startEventToStart(definition, startEvent);
      return input instanceof Error ? input : { version: chosen, definition, input };
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  private async fresh(): Promise<readonly QueuedRequest<StartOrder>[]> {
    const starts = this.batch.requestsOf('start');
    const reserved = starts.flatMap(({ request }): IdempotencyRow[] =>
      request.idempotency
        ? [{ ...request.idempotency, response: { instanceId: request.instanceId, subjectId: request.subjectId } }]
        : [],
    );
    const known = await reserveIdempotencyKeys(this.batch.client, reserved, this.batch.timestamp);
    return starts.filter(({ request, resolve, reject }) => {
      const before = request.idempotency && known.get(request.idempotency.key);
      if (!before) return true;
      this.batch.settle.push(
        before.fingerprint === request.idempotency?.fingerprint
          ? () => resolve(before.response as { instanceId: string; subjectId: string })
          : () => reject(idempotencyMismatch(before.key)),
      );
      return false;
    });
  }
}

const unknownUser = (id: string): Error =>
  new NotFoundError(
    `User "${id}" is unknown. Create the user first (PUT /api/users/${encodeURIComponent(id)}), then start.`,
  );
