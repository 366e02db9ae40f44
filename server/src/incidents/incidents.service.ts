import { Injectable } from '@nestjs/common';
import type { IncidentResolution, Variables } from '@xflow/engine';
import type { IncidentGroups, IncidentPage, InstanceStatus, ResolveIncidentRequest } from '@xflow/schemas';
import { Pool } from 'pg';
import { ConflictError, InvalidRequestError, NotFoundError } from '../http-problems/problem-error.js';
import { InstancesService } from '../instances/instances.service.js';
import { decodeCursor, pageOf } from '../paging/cursor.js';
import { faultIncidentType } from '../runner/park-faults.js';
import { Runner } from '../runner/runner.js';
import { causeOf } from './cause-of.js';
import { toIncident, type IncidentRow } from './incident-row.js';
import type { IncidentQuery } from './incidents.dto.js';

/** Groups of one answer, and incidents that are looked at for them. */
const mostGroups = 200;
const mostCounted = 100_000;

interface GroupRow extends Pick<IncidentRow, 'workflow_key' | 'element_id' | 'type' | 'reason' | 'remedy'> {
  readonly count: number;
  readonly first_at: Date;
  readonly last_at: Date;
  readonly counted: number;
}

/** Failures that need someone. */
@Injectable()
export class IncidentsService {
  constructor(
    private readonly pool: Pool,
    private readonly runner: Runner,
    private readonly instances: InstancesService,
  ) {}

  /** A page of open incidents, newest first. */
  async list({ workflow, element, type, userId, reason, cursor, limit }: IncidentQuery): Promise<IncidentPage> {
    const [at, instanceId, id] = cursor === undefined ? [] : decodeCursor(cursor, ['time', 'uuid', 'string']);
    const { rows } = await this.pool.query<IncidentRow>(
      `SELECT * FROM incident WHERE resolved_at IS NULL AND ($1::text IS NULL OR workflow_key = $1)
         AND ($6::text IS NULL OR element_id = $6) AND ($7::text IS NULL OR type = $7) AND ($8::text IS NULL OR subject_id = $8)
         AND ($9::text IS NULL OR ${causeOf('reason')} = ${causeOf('$9')})
         AND ($2::bigint IS NULL OR (raised_at, instance_id::text, id) < (to_timestamp($2::bigint / 1000.0), $3, $4))
       ORDER BY raised_at DESC, instance_id::text DESC, id DESC LIMIT $5`,
      [
        workflow ?? null,
        at ?? null,
        instanceId ?? null,
        id ?? null,
        limit + 1,
        element ?? null,
        type ?? null,
        userId ?? null,
        reason ?? null,
      ],
    );
    const page = pageOf(rows, limit, (row) => [row.raised_at.getTime(), row.instance_id, row.id]);
    return { items: page.rows.map(toIncident), nextCursor: page.nextCursor };
  }

  /** Open incidents of one workflow, or of all, by their causes; the most frequent first. Counts the newest {@link mostCounted}. */
  async groups(workflow: string | null): Promise<IncidentGroups> {
    const { rows } = await this.pool.query<GroupRow>(
      `WITH newest AS (
         SELECT workflow_key, element_id, type, reason, ${causeOf('reason')} AS cause, remedy, raised_at FROM incident
         WHERE resolved_at IS NULL AND ($1::text IS NULL OR workflow_key = $1) ORDER BY raised_at DESC LIMIT ${mostCounted + 1}
       )
       SELECT workflow_key, element_id, type, CASE WHEN min(reason) = max(reason) THEN min(reason) ELSE cause END AS reason,
         min(remedy) AS remedy, count(*)::int AS count,
         min(raised_at) AS first_at, max(raised_at) AS last_at, (SELECT count(*)::int FROM newest) AS counted
       FROM newest GROUP BY workflow_key, element_id, type, cause
       ORDER BY count(*) DESC, max(raised_at) DESC, workflow_key, element_id, type, cause LIMIT ${mostGroups + 1}`,
      [workflow],
    );
    return {
      items: rows.slice(0, mostGroups).map((row) => ({
        workflowKey: row.workflow_key,
        elementId: row.element_id,
        type: row.type,
        reason: row.reason,
        remedy: row.remedy,
        count: row.count,
        firstAt: row.first_at.toISOString(),
        lastAt: row.last_at.toISOString(),
      })),
      isComplete: rows.length <= mostGroups && (rows[0]?.counted ?? 0) <= mostCounted,
    };
  }

  /** @throws where there is no such incident, it is over, or the flow is none of its choices. */
  async resolve(instanceId: string, incidentId: string, request: ResolveIncidentRequest): Promise<InstanceStatus> {
    const key = await this.instances.keyOf(instanceId);
    const { rows } = await this.pool.query<IncidentRow>(
      'SELECT * FROM incident WHERE subject_id = $1 AND instance_id = $2 AND id = $3',
      [key.subjectId, instanceId, incidentId],
    );
    const incident = rows[0];
    if (!incident)
      throw new NotFoundError(
        `Instance ${instanceId} has no incident "${incidentId}". GET /api/incidents lists the open ones.`,
      );
    if (incident.resolved_at) throw alreadyResolved(incident);
    const resolution = readResolution(request, incident);
    const resolved =
      incident.type === faultIncidentType
        ? await this.runner.submit({ kind: 'retry-fault', ...key, incidentId })
        : await this.runner.submit({
            kind: 'input',
            ...key,
            keep: false,
            input: {
              kind: 'incident-resolved',
              incidentId,
              resolution,
              ...(request.variables === undefined ? {} : { variables: request.variables as Variables }),
            },
          });
    if (!resolved) throw alreadyResolved(incident);
    return await this.instances.status(instanceId);
  }
}

function readResolution(
  { action, flowId, variables }: ResolveIncidentRequest,
  incident: IncidentRow,
): IncidentResolution {
  if (action === 'retry') {
    if (incident.type === faultIncidentType && variables !== undefined)
      throw refused('$.variables', 'Variables cannot be set with this retry.', 'Leave them out.');
    return { action };
  }
  const choices =
    incident.choices.length > 0
      ? `Send one of ${incident.choices.map((choice) => `"${choice}"`).join(', ')}.`
      : 'This incident has no flows to choose from: send the action "retry".';
  if (flowId === undefined) throw refused('$.flowId', 'The action take-flow needs a flow.', choices);
  if (!incident.choices.includes(flowId))
    throw refused('$.flowId', `The flow "${flowId}" is none of the choices of the incident.`, choices);
  return { action, flowId };
}

const refused = (field: string, message: string, remedy: string): Error =>
  new InvalidRequestError([{ field, message, remedy }]);

const alreadyResolved = ({ id, instance_id }: IncidentRow): Error =>
  new ConflictError(`Incident "${id}" of instance ${instance_id} is resolved already. There is nothing to do.`);
