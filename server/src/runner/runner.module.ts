import { Global, Module } from '@nestjs/common';
import { CountFolding } from './count-folding.js';
import { DefinitionCache } from './definition-cache.js';
import { AnswerRegistry } from './question-answerer.js';
import { Runner } from './runner.js';
import { TaskCatalog } from './task-catalog.js';

/** The loop that moves instances, and what the domains tell it: answers and task types. */
@Global()
@Module({
  providers: [Runner, CountFolding, DefinitionCache, AnswerRegistry, TaskCatalog],
  exports: [Runner, DefinitionCache, AnswerRegistry, TaskCatalog],
})
export class RunnerModule {}
