import { Module } from '@nestjs/common';
import { BatchOperationRunner } from './batch-operation-runner.js';
import { BatchOperationsController } from './batch-operations.controller.js';
import { BatchOperationsService } from './batch-operations.service.js';

/** Changes to many instances at once. */
@Module({
  controllers: [BatchOperationsController],
  providers: [BatchOperationsService, BatchOperationRunner],
  exports: [BatchOperationsService, BatchOperationRunner],
})
export class BatchOperationsModule {}
