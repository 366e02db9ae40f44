import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Pool } from 'pg';
import { BatchOperationsModule } from '../batch-operations/batch-operations.module.js';
import { TaskDispatchModule } from '../task-dispatch/task-dispatch.module.js';
import { ClockController } from './clock.controller.js';
import { Clock } from './clock.js';
import { DatabaseClock, readTime } from './database-clock.js';
import { TestClock } from './test-clock.js';
import { TimeTravel } from './time-travel.js';

export interface TestClockOptions {
  /** Where the clock of a fresh database stands: milliseconds since 1970. */
  readonly beginsAt: number;
}

/** One clock for everyone. */
@Global()
@Module({})
export class ClockModule {
  /** @param testClock a clock that stands still until it is told to move (see TimeTravelModule); null: the database's. */
  static forRoot(testClock: TestClockOptions | null): DynamicModule {
    return {
      module: ClockModule,
      providers: [
        testClock
          ? { provide: Clock, inject: [Pool], useFactory: (pool: Pool) => TestClock.load(pool, testClock.beginsAt) }
          : { provide: Clock, inject: [Pool], useFactory: (pool: Pool) => DatabaseClock.load(() => readTime(pool)) },
      ],
      exports: [Clock],
    };
  }
}

/** The routes that move a test clock; part of the server only when it runs on one. */
@Module({
  imports: [TaskDispatchModule, BatchOperationsModule],
  controllers: [ClockController],
  providers: [TimeTravel],
})
export class TimeTravelModule {}
