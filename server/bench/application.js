import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule } from '../dist/app.module.js';
import { Runner } from '../dist/runner/runner.js';
import { TaskHandler } from '../dist/task-handlers/task-handler.js';
import { DeploymentsService } from '../dist/workflows/deployments.service.js';

/** Told the user of every task of type `bench` that is answered. */
export const answered = [];

/** Answers the tasks of type `bench`: the work of one step is a function of the host that returns a number. */
class BenchHandler {
  answer(calls) {
    for (const tell of answered) for (const { subjectId } of calls) tell(subjectId);
    return Promise.resolve(calls.map(() => ({ result: 1 })));
  }
}
TaskHandler('bench', { schema: { type: 'object' } })(BenchHandler);

/** The whole application in this process, without its HTTP server. */
export async function startApplication(databaseUrl) {
  const app = await NestFactory.create(
    AppModule.forRoot({ databaseUrl, testClock: null, handlers: [BenchHandler] }),
    new FastifyAdapter(),
    { logger: ['error'] },
  );
  app.setGlobalPrefix('api');
  await app.init();
  return { app, runner: app.get(Runner), deployments: app.get(DeploymentsService) };
}
