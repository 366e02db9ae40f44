import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { BatchOperationsModule } from './batch-operations/batch-operations.module.js';
import { ClockModule, TimeTravelModule, type TestClockOptions } from './clock/clock.module.js';
import { DatabaseModule } from './database/database.module.js';
import type { ServerRole } from './database/server-identity.js';
import { DecisionsModule } from './decisions/decisions.module.js';
import { EventStreamModule } from './event-stream/event-stream.module.js';
import { HealthModule } from './health/health.module.js';
import { HttpProblemsModule } from './http-problems/http-problems.module.js';
import { IncidentsModule } from './incidents/incidents.module.js';
import { InstancesModule } from './instances/instances.module.js';
import { LaddersModule } from './ladders/ladders.module.js';
import { LiveModule } from './live/live.module.js';
import { MailboxModule } from './mailbox/mailbox.module.js';
import { MessagesModule } from './messages/messages.module.js';
import { OutgoingHttpModule } from './outgoing-http/outgoing-http.module.js';
import { ReachModule } from './reach/reach.module.js';
import { RetentionModule } from './retention/retention.module.js';
import { RunnerModule } from './runner/runner.module.js';
import { SegmentsModule } from './segments/segments.module.js';
import { SignalsModule } from './signals/signals.module.js';
import { TaskDispatchModule } from './task-dispatch/task-dispatch.module.js';
import { TasksModule } from './tasks/tasks.module.js';
import { TemplatesModule } from './templates/templates.module.js';
import { UserEventsModule } from './user-events/user-events.module.js';
import { UsersModule } from './users/users.module.js';
import { WorkflowsModule } from './workflows/workflows.module.js';

export interface AppOptions {
  /** Connection URL of a database that is migrated already. */
  readonly databaseUrl: string;
  /** Null: the database's clock. */
  readonly testClock: TestClockOptions | null;
  /** Task handlers beside the shipped ones: classes with @TaskHandler. */
  readonly handlers: readonly Type[];
  readonly role: ServerRole;
}

/** The whole server. */
@Module({})
export class AppModule {
  static forRoot({ databaseUrl, testClock, handlers, role }: AppOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [
        DatabaseModule.forRoot(databaseUrl, role),
        ClockModule.forRoot(testClock),
        HttpProblemsModule,
        RunnerModule,
        TaskDispatchModule,
        TasksModule,
        WorkflowsModule,
        InstancesModule,
        IncidentsModule,
        BatchOperationsModule,
        MessagesModule,
        SignalsModule,
        DecisionsModule,
        UsersModule,
        UserEventsModule,
        EventStreamModule,
        SegmentsModule,
        LaddersModule,
        TemplatesModule,
        LiveModule,
        MailboxModule,
        OutgoingHttpModule,
        HealthModule,
        ReachModule,
        RetentionModule,
        ...(testClock ? [TimeTravelModule] : []),
      ],
      // Found by their decorator.
      providers: [...handlers],
    };
  }
}
