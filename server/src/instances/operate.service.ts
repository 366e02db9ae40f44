import { Injectable } from '@nestjs/common';
import {
  checkMigration,
  checkModification,
  type Definition,
  type ElementPair,
  type InstanceState,
  type Modification,
  type Obstacle,
  stateFromJson,
  type StoredState,
  type TokenPlace,
  type Variables,
} from '@xflow/engine';
import type { InstanceStatus, MigrationPreview } from '@xflow/schemas';
import {
  ConflictError,
  InvalidRequestError,
  NotFoundError,
  UnprocessableError,
} from '../http-problems/problem-error.js';
import type { UntimedInput } from '../runner/command.js';
import { DefinitionCache } from '../runner/definition-cache.js';
import { misfit } from '../runner/migration.js';
import { Runner } from '../runner/runner.js';
import { checkReadable } from '../runner/stored-format.js';
import type { InstanceKey } from '../runner/sql/lock-instances.js';
import { InstancesService } from './instances.service.js';
import type { MigrateDto, ModifyDto, SetVariablesDto } from './operate.dto.js';

interface Standing {
  readonly key: InstanceKey;
  readonly workflowKey: string;
  readonly version: number;
  readonly definition: Definition;
  readonly state: InstanceState;
}

/** What operators do to one instance. All of it goes through the runner's batches; what is refused has changed nothing. */
@Injectable()
export class OperateService {
  constructor(
    private readonly instances: InstancesService,
    private readonly definitions: DefinitionCache,
    private readonly runner: Runner,
  ) {}

  /** @throws {ConflictError} where the instance has ended, {UnprocessableError} where it has no such scope. */
  async setVariables(instanceId: string, { variables, scopeId }: SetVariablesDto): Promise<InstanceStatus> {
    const { key, state } = await this.standing(instanceId);
    if (Object.keys(variables).length === 0)
      throw new InvalidRequestError([
        { field: '$.variables', message: 'There are no variables.', remedy: 'Send at least one.' },
      ]);
    if (scopeId !== undefined && !state.scopes.some(({ id }) => id === scopeId))
      throw new UnprocessableError('The variables cannot be set', [
        {
          field: '$.scopeId',
          message: `Instance ${instanceId} has no open scope "${scopeId}".`,
          remedy: `Send one of ${state.scopes
            .slice(0, 20)
            .map(({ id }) => `"${id}"`)
            .join(', ')}, or leave it out.`,
        },
      ]);
    await this.give(key, {
      kind: 'variables-set',
      variables: variables as Variables,
      ...(scopeId === undefined ? {} : { scopeId }),
    });
    return await this.instances.status(instanceId);
  }

  /** @throws {UnprocessableError} with every reason why tokens cannot be moved like this. */
  async modify(instanceId: string, request: ModifyDto): Promise<InstanceStatus> {
    const { key, definition, state } = await this.standing(instanceId);
    const modification = readModification(request);
    const obstacles = checkModification(definition, state, modification);
    if (obstacles.length > 0) throw new UnprocessableError('The tokens cannot be moved', obstacles.map(toProblem));
    await this.give(key, { kind: 'modified', ...modification });
    return await this.instances.status(instanceId);
  }

  /** Suspends or resumes; an instance that is so already stays as it is. */
  async suspend(instanceId: string, suspended: boolean): Promise<InstanceStatus> {
    const { key } = await this.standing(instanceId);
    await this.runner.submit({ kind: 'suspend', ...key, suspended });
    return await this.instances.status(instanceId);
  }

  /** What a migration would do now. */
  async preview(instanceId: string, { version, mapping = [] }: MigrateDto): Promise<MigrationPreview> {
    const { definition, state, workflowKey } = await this.standing(instanceId);
    const check = checkMigration(definition, await this.version(workflowKey, version), state, mapping);
    if (!check.ok)
      return {
        fits: false,
        problems: check.obstacles.map((one) => ({ ...one })),
        elements: [],
        opened: [],
        closed: [],
      };
    const { elements, opened } = check.plan;
    const kept = new Set(elements.map(({ source }) => source));
    const waitsAt = state.tokens.flatMap(({ waits }) => waits.map(({ elementId }) => elementId));
    return {
      fits: true,
      problems: [],
      elements: elements.map((pair: ElementPair) => ({ ...pair })),
      opened: [...opened],
      closed: [...new Set(waitsAt)].filter((id) => !kept.has(id)),
    };
  }

  /** @throws {UnprocessableError} with every reason why the instance does not fit. */
  async migrate(instanceId: string, { version, mapping = [] }: MigrateDto): Promise<InstanceStatus> {
    const { key, workflowKey, version: current, definition, state } = await this.standing(instanceId);
    if (version === current)
      throw new ConflictError(`Instance ${instanceId} runs on version ${version} already. There is nothing to do.`);
    const check = checkMigration(definition, await this.version(workflowKey, version), state, mapping);
    if (!check.ok) throw misfit(check.obstacles);
    const migrated = await this.runner.submit({ kind: 'migrate', ...key, version, mapping });
    if (!migrated) throw moved(instanceId);
    return await this.instances.status(instanceId);
  }

  private async version(workflowKey: string, version: number): Promise<Definition> {
    try {
      return await this.definitions.get(workflowKey, version);
    } catch (error) {
      throw new NotFoundError(error instanceof Error ? error.message : String(error));
    }
  }

  private async give(key: InstanceKey, input: UntimedInput): Promise<void> {
    const changed = await this.runner.submit({ kind: 'input', ...key, input, keep: false });
    if (!changed) throw moved(key.instanceId);
  }

  /** @throws {NotFoundError} where there is no such instance, {ConflictError} where it has ended. */
  private async standing(instanceId: string): Promise<Standing> {
    const row = await this.instances.find<{
      subject_id: string;
      workflow_key: string;
      version: number;
      status: string;
      state: StoredState;
      format: number;
    }>(instanceId, 'i.subject_id, i.workflow_key, i.version, i.status, i.state, i.format');
    checkReadable(instanceId, row.format);
    if (row.status !== 'active')
      throw new ConflictError(`Instance ${instanceId} has ended (${row.status}), and cannot be changed any more.`);
    return {
      key: { subjectId: row.subject_id, instanceId },
      workflowKey: row.workflow_key,
      version: row.version,
      definition: await this.definitions.get(row.workflow_key, row.version),
      state: stateFromJson(row.state),
    };
  }
}

function readModification({ activate, terminate, variables }: ModifyDto): Modification {
  const problems = (terminate ?? []).flatMap(({ tokenId, elementId }, index) =>
    (tokenId === undefined) === (elementId === undefined)
      ? [
          {
            field: `$.terminate[${index}]`,
            message: 'It names neither a token nor an element, or both.',
            remedy: 'Send tokenId for one token, or elementId for all tokens on an element.',
          },
        ]
      : [],
  );
  if (problems.length > 0) throw new InvalidRequestError(problems);
  return {
    activate: (activate ?? []).map(({ elementId, scopeId }) => ({
      elementId,
      ...(scopeId === undefined ? {} : { scopeId }),
    })),
    terminate: (terminate ?? []).map(({ tokenId, elementId }): TokenPlace =>
      tokenId === undefined ? { elementId: elementId! } : { tokenId },
    ),
    variables: (variables ?? {}) as Variables,
  };
}

const toProblem = ({ elementId, message, remedy }: Obstacle) => ({ elementId, message, remedy });

const moved = (instanceId: string): Error =>
  new ConflictError(
    `Instance ${instanceId} has moved at the same moment, and nothing was changed. GET /api/workflows/${instanceId}/status tells where it stands now.`,
  );
