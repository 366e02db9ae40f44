import { randomUUID } from 'node:crypto';
import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type {
  ActivateTasksResponse,
  CompleteTasksResponse,
  ExtendTaskResponse,
  ExtendTasksResponse,
  FailTasksResponse,
} from '@xflow/schemas';
import type { FastifyReply } from 'fastify';
import { UnprocessableError } from '../http-problems/problem-error.js';
import { usualAttempts } from '../task-dispatch/job-policy.js';
import { TaskExecutor } from '../task-dispatch/task-executor.js';
import { TaskActivation, type Activation } from './task-activation.js';
import { taskId } from './task-id.js';
import { TaskReports } from './task-reports.js';
import {
  ActivateTasksDto,
  ActivateTasksResponseDto,
  CompleteTasksDto,
  CompleteTasksResponseDto,
  ExtendTaskDto,
  ExtendTaskResponseDto,
  ExtendTasksDto,
  ExtendTasksResponseDto,
  FailTaskDto,
  FailTasksDto,
  FailTasksResponseDto,
  ThrowTaskErrorDto,
} from './worker-tasks.dto.js';

@ApiTags('Tasks of workers')
@Controller('tasks')
export class WorkerTasksController {
  constructor(
    private readonly activation: TaskActivation,
    private readonly reports: TaskReports,
    private readonly executor: TaskExecutor,
  ) {}

  @Post('activate')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Lease tasks, and wait for them',
    description:
      'Answers as soon as there is a task of one of the types, with up to maxTasks of them; with none after waitSeconds. A task ' +
      'that is not reported before its lease ends goes to another worker.',
  })
  @ApiOkResponse({ type: ActivateTasksResponseDto })
  async activate(
    @Body() request: ActivateTasksDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ActivateTasksResponse> {
    this.refuseOwnTypes(request.types);
    const gone = new AbortController();
    const token = randomUUID();
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) gone.abort();
      this.activation.forget(token);
    });
    const order = {
      token,
      types: request.types,
      maxTasks: request.maxTasks,
      leaseLength: request.leaseSeconds * 1_000,
      patience: request.waitSeconds * 1_000,
      worker: request.worker ?? 'unnamed',
    };
    return toResponse(await this.activation.activate(order, gone.signal), request.inputs);
  }

  @Post('complete')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Complete many tasks',
    description: 'Each for itself: those that are refused hinder no other.',
  })
  @ApiOkResponse({ type: CompleteTasksResponseDto })
  complete(@Body() request: CompleteTasksDto): Promise<CompleteTasksResponse> {
    return this.reports.completeMany(request);
  }

  @Post('fail')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Report failed attempts of many tasks',
    description: 'Each for itself: those that are refused hinder no other.',
  })
  @ApiOkResponse({ type: FailTasksResponseDto })
  failMany(@Body() request: FailTasksDto): Promise<FailTasksResponse> {
    return this.reports.failMany(request);
  }

  @Post('extend')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Make the leases of many tasks last longer',
    description: 'Each for itself: those that are refused hinder no other.',
  })
  @ApiOkResponse({ type: ExtendTasksResponseDto })
  extendMany(@Body() request: ExtendTasksDto): Promise<ExtendTasksResponse> {
    return this.reports.extendMany(request);
  }

  @Post(':id/fail')
  @HttpCode(204)
  @ApiOperation({ summary: 'Report a failed attempt: it is tried again later, or becomes an incident' })
  @ApiNoContentResponse()
  fail(@Param('id') id: string, @Body() request: FailTaskDto): Promise<void> {
    return this.reports.fail(id, request);
  }

  @Post(':id/throw-error')
  @HttpCode(204)
  @ApiOperation({ summary: 'Throw a BPMN error' })
  @ApiNoContentResponse()
  throwError(@Param('id') id: string, @Body() request: ThrowTaskErrorDto): Promise<void> {
    return this.reports.throwError(id, request);
  }

  @Post(':id/extend')
  @HttpCode(200)
  @ApiOperation({ summary: 'Make a lease last longer' })
  @ApiOkResponse({ type: ExtendTaskResponseDto })
  async extend(@Param('id') id: string, @Body() request: ExtendTaskDto): Promise<ExtendTaskResponse> {
    return { leasedUntil: new Date(await this.reports.extend(id, request)).toISOString() };
  }

  /** A worker would take the tasks away from the handler, or have none. */
  private refuseOwnTypes(types: readonly string[]): void {
    const errors = types.flatMap((type, index) =>
      this.executor.policies.has(type)
        ? [
            {
              field: `$.types[${index}]`,
              message: `A handler of this server does the tasks of type "${type}".`,
              remedy: 'Leave the type out, or start the server without the handler.',
            },
          ]
        : [],
    );
    if (errors.length > 0) throw new UnprocessableError('The tasks are not for workers', errors);
  }
}

function toResponse({ token, leasedUntil, jobs }: Activation, inputs?: readonly string[]): ActivateTasksResponse {
  const wanted = inputs && new Set(inputs);
  return {
    tasks: jobs.map((job) => ({
      id: taskId(job),
      type: job.type,
      instanceId: job.instance_id,
      workflowKey: job.workflow_key,
      userId: job.subject_id,
      elementId: job.element_id,
      name: job.element_name ?? job.element_id,
      config: job.config,
      input: wanted ? Object.fromEntries(Object.entries(job.input).filter(([name]) => wanted.has(name))) : job.input,
      idempotencyKey: job.idempotency_key,
      attempt: job.attempts,
      retriesLeft: Math.max(0, (job.max_attempts ?? usualAttempts) - job.attempts),
      leaseToken: token,
      leasedUntil: new Date(leasedUntil).toISOString(),
    })),
  };
}
