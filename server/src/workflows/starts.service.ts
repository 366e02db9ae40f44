import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { createInstance, stateToJson, type Variables } from '@xflow/engine';
import type { InstanceStatus, StartRequest, StartResponse } from '@xflow/schemas';
import { Pool } from 'pg';
import { Clock } from '../clock/clock.js';
import { InvalidRequestError, NotFoundError, type ProblemDetail } from '../http-problems/problem-error.js';
import { InstancesService } from '../instances/instances.service.js';
import { idempotencyMismatch } from '../runner/idempotency-mismatch.js';
import { DefinitionCache } from '../runner/definition-cache.js';
import { newInstanceId } from '../runner/instance-id.js';
import { startEventToStart } from '../runner/start-event-to-start.js';
import { Runner } from '../runner/runner.js';
import type { Idempotency } from '../runner/request.js';
import { appendCounts } from '../runner/sql/append-counts.js';
import { findStartableVersions } from '../runner/sql/find-startable-versions.js';
import { findUsers } from '../runner/sql/find-users.js';
import { reserveIdempotencyKeys } from '../runner/sql/reserve-idempotency-keys.js';
import { toTimestamp } from '../runner/sql/statement.js';
import { inTransaction } from '../runner/transaction.js';
import { versionToStart } from '../runner/version-to-start.js';
import { DeploymentsService } from './deployments.service.js';
import { insertStartedInstances } from './sql/insert-started-instances.js';
import type { ExecuteDto } from './workflows.dto.js';

/** Starts instances: one, up to 10,000, or one from a diagram that comes along. Users must exist. */
@Injectable()
export class StartsService {
  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
    private readonly runner: Runner,
    private readonly definitions: DefinitionCache,
    private readonly deployments: DeploymentsService,
    private readonly instances: InstancesService,
  ) {}

  /** @param idempotencyKey a repeat with the same key and request is answered as the first one was, and starts nothing. */
  async start(key: string, request: StartRequest, idempotencyKey: string | null): Promise<StartResponse> {
    const { userId, users, version = null, variables = {}, businessKey = null, startEvent = null } = request;
    if ((userId === undefined) === (users === undefined))
      throw new InvalidRequestError([
        {
          field: '$',
          message: 'The request names neither userId nor users, or both.',
          remedy: 'Send userId to start one instance, or users to start many.',
        },
      ]);
    const idempotency =
      idempotencyKey === null ? null : { key: idempotencyKey, fingerprint: fingerprint(key, request) };
    if (users !== undefined)
      return await this.startMany({ key, version, startEvent }, users as readonly UserStart[], idempotency);
    const started = await this.runner.submit({
      kind: 'start',
      instanceId: newInstanceId(this.clock.now()),
      workflowKey: key,
      version,
      startEvent,
      subjectId: userId!,
      variables: variables as Variables,
      businessKey,
      idempotency,
    });
    return { instances: [{ id: started.instanceId, userId: started.subjectId }] };
  }

  /** Deploys the diagram if there is one, starts an instance, and waits for its end for up to `waitSeconds`. */
  async execute({ xml, key, waitSeconds = 0, ...start }: ExecuteDto): Promise<InstanceStatus> {
    const workflowKey = xml === undefined ? key : await this.deployOne(xml, key);
    if (workflowKey === undefined)
      throw new InvalidRequestError([
        {
          field: '$.key',
          message: 'The request names neither a workflow nor brings one along.',
          remedy: 'Send key, or xml.',
        },
      ]);
    const { instances } = await this.start(workflowKey, start, null);
    const instanceId = instances[0]!.id;
    if (waitSeconds > 0) await this.instances.waitForEnd(instanceId, waitSeconds * 1_000);
    return await this.instances.status(instanceId);
  }

  /** The workflow of the file that is meant. */
  private async deployOne(xml: string, key: string | undefined): Promise<string> {
    const { workflows } = await this.deployments.deploy(xml);
    const keys = workflows.map((workflow) => workflow.key);
    if (key === undefined ? keys.length === 1 : keys.includes(key)) return key ?? keys[0]!;
    throw new InvalidRequestError([
      {
        field: '$.key',
        message:
          key === undefined
            ? `The file holds ${keys.length} workflows: ${keys.join(', ')}.`
            : `The file holds no workflow "${key}", but ${keys.join(', ')}.`,
        remedy: 'Name the one to start in key.',
      },
    ]);
  }

  /** All or none, in one transaction. */
  private async startMany(
    { key, version, startEvent }: { key: string; version: number | null; startEvent: string | null },
    users: readonly UserStart[],
    idempotency: Idempotency | null,
  ): Promise<StartResponse> {
    const now = this.clock.now();
    const started = users.map(({ userId, variables = {}, businessKey }) => {
      const id = newInstanceId(now);
      return {
        subject_id: userId,
        id,
        business_key: businessKey ?? null,
        state: stateToJson(
          createInstance({ instanceId: id, subjectId: userId, ...(businessKey ? { businessKey } : {}) }),
        ),
        variables,
      };
    });
    const response = { instances: started.map((row) => ({ id: row.id, userId: row.subject_id })) };
    const answer = await inTransaction(this.pool, async (client) => {
      if (idempotency) {
        const known = await reserveIdempotencyKeys(client, [{ ...idempotency, response }], toTimestamp(now));
        const before = known.get(idempotency.key);
        if (before && before.fingerprint !== idempotency.fingerprint) throw idempotencyMismatch(idempotency.key);
        if (before) return before.response as StartResponse;
      }
      const chosen = versionToStart(key, version, (await findStartableVersions(client, [key])).get(key));
      if (chosen instanceof Error) throw chosen;
      const known = await findUsers(client, [...new Set(users.map(({ userId }) => userId))]);
      const unknown = users.flatMap(({ userId }, index) => (known.has(userId) ? [] : [unknownUser(userId, index)]));
      if (unknown.length > 0)
        throw new NotFoundError(
          `${unknown.length} of the ${users.length} users are unknown, so that none was started. Create them first, or leave them out.`,
          unknown.slice(0, mostProblems),
        );
      const input = startEventToStart(await this.definitions.get(key, chosen), startEvent);
      if (input instanceof Error) throw input;
      const rows = started.map(({ variables, ...row }) => ({
        ...row,
        input: { kind: 'start', ...input, variables } as const,
      }));
      await insertStartedInstances(client, key, chosen, toTimestamp(now), rows);
      await appendCounts(client, [
        { workflow_key: key, version: chosen, status: 'active', element_id: '', instances: rows.length, incidents: 0 },
      ]);
      await this.runner.announce(client, { due: now });
      return response;
    });
    this.runner.lookAgain();
    return answer;
  }
}

interface UserStart {
  readonly userId: string;
  readonly variables?: Variables;
  readonly businessKey?: string;
}

const mostProblems = 1_000;

const unknownUser = (userId: string, index: number): ProblemDetail => ({
  field: `$.users[${index}].userId`,
  message: `User "${userId}" is unknown.`,
  remedy: `Create the user first (PUT /api/users/${encodeURIComponent(userId)}), or leave it out.`,
});

const fingerprint = (key: string, request: StartRequest): string =>
  createHash('sha256')
    .update(JSON.stringify([key, request]))
    .digest('hex');
