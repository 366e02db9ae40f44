import type {
  BatchOperation,
  BatchOperationFailures,
  CompleteTaskRequest,
  Deployment,
  ElementCounts,
  EvaluateSegmentRequest,
  EvaluateSegmentResponse,
  IncidentGroups,
  IncidentPage,
  InstanceCount,
  InstanceHistory,
  InstancePage,
  InstanceStatus,
  JobPage,
  Ladder,
  Mail,
  MigrateRequest,
  MigrationPreview,
  ModifyRequest,
  PublishRequest,
  PublishResponse,
  ResolveIncidentRequest,
  SaveSegmentRequest,
  Segment,
  SegmentUsers,
  SetVariablesRequest,
  StartBatchOperationRequest,
  StartRequest,
  StartResponse,
  TaskType,
  Template,
  User,
  UserHistory,
  UserLifecycle,
  UserPage,
  UserTask,
  Workflow,
  WorkflowSummary,
} from '@xflow/schemas';
import { problemOf, unreachable } from './api-problem.js';

export interface Page<Item> {
  readonly items: Item[];
  readonly nextCursor?: string | null;
}
/** What instances are looked for by: the parameters of `GET /instances`. Times are RFC 3339, each second one excluded. */
export interface InstanceFilter {
  readonly workflow?: string;
  readonly status?: string;
  readonly userId?: string;
  readonly element?: string;
  readonly incident?: boolean;
  readonly version?: number;
  readonly businessKey?: string;
  readonly suspended?: boolean;
  readonly startedFrom?: string;
  readonly startedTo?: string;
  readonly endedFrom?: string;
  readonly endedTo?: string;
  readonly parentInstanceId?: string;
  /** `name=value` of searchable variables. */
  readonly variables?: readonly string[];
}
export interface JobFilter {
  readonly type?: string;
  readonly workflow?: string;
  readonly state?: string;
  readonly worker?: string;
  readonly instanceId?: string;
}
/** A cause of incidents; those that are given must be met. */
export interface IncidentFilter {
  readonly workflow?: string;
  readonly element?: string;
  readonly type?: string;
  readonly reason?: string;
}
type Query = Readonly<Record<string, string | number | boolean | readonly string[] | null | undefined>>;
interface RequestOptions {
  readonly query?: Query;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The HTTP API of the server. Every method throws an {@link ApiProblem} when the request fails. */
export type ApiClient = ReturnType<typeof createClient>;

/** A client of the API at `/api` of this page's origin. `fetch` is given, so that tests answer without a network. */
export function createClient(fetch: typeof globalThis.fetch) {
  async function request<Answer>(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    const target = `/api${path}${queryString(options.query ?? {})}`;
    const headers: Record<string, string> = {
      accept: 'application/json, application/problem+json',
      ...options.headers,
    };
    const init: RequestInit = { method, headers };
    if (options.body !== undefined) {
      headers['content-type'] = 'application/json';
      init.body = JSON.stringify(options.body);
    }
    const response = await fetch(target, init).catch(() => {
      throw unreachable(target);
    });
    if (!response.ok) throw await problemOf(response, target);
    if (response.status === 204) return undefined as Answer;
    return (await response.json()) as Answer;
  }
  const get = <Answer>(path: string, query: Query = {}) => request<Answer>('GET', path, { query });
  const id = encodeURIComponent;

  return {
    workflows: () => get<{ items: WorkflowSummary[] }>('/workflows'),
    workflow: (key: string, version?: number) => get<Workflow>(`/workflows/${id(key)}`, { version }),
    elementCounts: (key: string, version: number | undefined) =>
      get<ElementCounts>(`/workflows/${id(key)}/elements`, { version }),
    deploy: (xml: string) => request<Deployment>('POST', '/workflows', { body: { xml } }),
    /** `idempotencyKey` makes a repeat of the same start harmless. */
    start: (key: string, body: StartRequest, idempotencyKey: string) =>
      request<StartResponse>('POST', `/workflows/${id(key)}/start`, {
        body,
        headers: { 'idempotency-key': idempotencyKey },
      }),

    instances: (filter: InstanceFilter, cursor: string | null, limit = 50) =>
      get<InstancePage>('/instances', {
        ...filter,
        incident: filter.incident || undefined,
        suspended: filter.suspended || undefined,
        cursor,
        limit,
      }),
    /** How many there are, counted up to 10,000. */
    instanceCount: (filter: InstanceFilter) =>
      get<InstanceCount>('/instances/count', {
        ...filter,
        incident: filter.incident || undefined,
        suspended: filter.suspended || undefined,
      }),
    instance: (instanceId: string) => get<InstanceStatus>(`/workflows/${id(instanceId)}/status`),
    instanceHistory: (instanceId: string, cursor: string | null) =>
      get<InstanceHistory>(`/instances/${id(instanceId)}/history`, { cursor }),
    cancelInstance: (instanceId: string) => request<InstanceStatus>('POST', `/workflows/${id(instanceId)}/cancel`),

    setVariables: (instanceId: string, body: SetVariablesRequest) =>
      request<InstanceStatus>('PATCH', `/instances/${id(instanceId)}/variables`, { body }),
    modify: (instanceId: string, body: ModifyRequest) =>
      request<InstanceStatus>('POST', `/instances/${id(instanceId)}/modify`, { body }),
    suspend: (instanceId: string) => request<InstanceStatus>('POST', `/instances/${id(instanceId)}/suspend`),
    resume: (instanceId: string) => request<InstanceStatus>('POST', `/instances/${id(instanceId)}/resume`),
    previewMigration: (instanceId: string, body: MigrateRequest) =>
      request<MigrationPreview>('POST', `/instances/${id(instanceId)}/migrate/preview`, { body }),
    migrate: (instanceId: string, body: MigrateRequest) =>
      request<InstanceStatus>('POST', `/instances/${id(instanceId)}/migrate`, { body }),
    publish: (key: string, version: number, body: PublishRequest) =>
      request<PublishResponse>('POST', `/workflows/${id(key)}/versions/${version}/publish`, { body }),
    deactivate: (key: string, version: number) =>
      request<PublishResponse>('POST', `/workflows/${id(key)}/versions/${version}/deactivate`),
    undeploy: (key: string, version: number) =>
      request<PublishResponse>('DELETE', `/workflows/${id(key)}/versions/${version}`),
    startBatchOperation: (body: StartBatchOperationRequest, idempotencyKey: string) =>
      request<BatchOperation>('POST', '/batch-operations', { body, headers: { 'idempotency-key': idempotencyKey } }),
    batchOperation: (operationId: string) => get<BatchOperation>(`/batch-operations/${id(operationId)}`),
    batchOperations: (cursor: string | null, limit = 50) =>
      get<Page<BatchOperation>>('/batch-operations', { cursor, limit }),
    batchOperationFailures: (operationId: string, cursor: string | null, limit = 50) =>
      get<BatchOperationFailures>(`/batch-operations/${id(operationId)}/failures`, { cursor, limit }),
    resumeBatchOperation: (operationId: string) =>
      request<BatchOperation>('POST', `/batch-operations/${id(operationId)}/resume`),
    cancelBatchOperation: (operationId: string) =>
      request<BatchOperation>('POST', `/batch-operations/${id(operationId)}/cancel`),

    incidentGroups: (workflow: string | undefined) => get<IncidentGroups>('/incidents/groups', { workflow }),
    incidents: (filter: IncidentFilter, cursor: string | null, limit = 20) =>
      get<IncidentPage>('/incidents', { ...filter, cursor, limit }),
    resolveIncident: (instanceId: string, incidentId: string, body: ResolveIncidentRequest) =>
      request<InstanceStatus>('POST', `/instances/${id(instanceId)}/incidents/${id(incidentId)}/resolve`, { body }),

    tasks: (filter: { userId?: string; instanceId?: string }, cursor: string | null) =>
      get<Page<UserTask>>('/tasks', { ...filter, cursor }),
    jobs: (filter: JobFilter, cursor: string | null, limit = 50) => get<JobPage>('/jobs', { ...filter, cursor, limit }),
    completeTask: (taskId: string, body: CompleteTaskRequest) =>
      request<unknown>('POST', `/tasks/${id(taskId)}/complete`, { body }),
    taskTypes: () => get<{ items: TaskType[] }>('/task-types'),

    users: (cursor: string | null, limit = 50) => get<UserPage>('/users', { cursor, limit }),
    user: (userId: string) => get<User>(`/users/${id(userId)}`),
    userLifecycle: (userId: string) => get<UserLifecycle>(`/users/${id(userId)}/lifecycle`),
    userHistory: (userId: string, cursor: string | null) =>
      get<UserHistory>(`/users/${id(userId)}/history`, { cursor }),

    segments: () => get<{ items: Segment[] }>('/segments'),
    createSegment: (body: SaveSegmentRequest) => request<Segment>('POST', '/segments', { body }),
    saveSegment: (body: SaveSegmentRequest) => request<Segment>('PUT', `/segments/${id(body.id)}`, { body }),
    deleteSegment: (segmentId: string) => request<unknown>('DELETE', `/segments/${id(segmentId)}`),
    evaluateSegment: (body: EvaluateSegmentRequest) =>
      request<EvaluateSegmentResponse>('POST', '/segments/evaluate', { body }),
    segmentUsers: (segmentId: string, cursor: string | null) =>
      get<SegmentUsers>(`/segments/${id(segmentId)}/users`, { cursor }),

    ladders: () => get<{ items: Ladder[] }>('/ladders'),
    templates: () => get<{ items: Template[] }>('/templates'),
    mailbox: (cursor: string | null) => get<Page<Mail>>('/mailbox', { cursor }),
    /** Address of a mail's body as a page: for a frame. */
    mailAddress: (mailId: string) => `/api/mailbox/${id(mailId)}/html`,
  };
}

/** `?a=1&b=2` of the entries that have a value; empty where none has. */
function queryString(query: Query): string {
  const entries = Object.entries(query)
    .flatMap(([name, value]): [string, unknown][] => [value].flat().map((one) => [name, one]))
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]): [string, string] => [name, String(value)]);
  return entries.length === 0 ? '' : `?${new URLSearchParams(entries).toString()}`;
}

/** The client of this page. */
export const api = createClient((input, init) => globalThis.fetch(input, init));
