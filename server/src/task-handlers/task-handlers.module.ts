import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { LaddersModule } from '../ladders/ladders.module.js';
import { MailboxModule } from '../mailbox/mailbox.module.js';
import { OutgoingHttpModule } from '../outgoing-http/outgoing-http.module.js';
import { SegmentsModule } from '../segments/segments.module.js';
import { TaskExecutor } from '../task-dispatch/task-executor.js';
import { TemplatesModule } from '../templates/templates.module.js';
import { HttpCall } from './http-call/http-call.js';
import { JobContextReader } from './job-context-reader.js';
import { JobExecutor } from './job-executor.js';
import { SegmentCheck } from './segment-check/segment-check.js';
import { SendEmail } from './send-email/send-email.js';
import { SmtpMailer } from './send-email/smtp-mailer.js';
import { SendWebhook } from './send-webhook/send-webhook.js';
import { Tag } from './tag/tag.js';
import { TaskHandlerRegistry } from './task-handler-registry.js';
import { TaskTypesController } from './task-types.controller.js';
import { TierUpgrade } from './tier-upgrade/tier-upgrade.js';
import { UpdateProfile } from './update-profile/update-profile.js';

const shipped = [SegmentCheck, TierUpgrade, UpdateProfile, Tag, SendEmail, SendWebhook, HttpCall];

/** The handlers of tasks. A developer's own are providers of any other module: they are found by their decorator. */
@Module({
  imports: [DiscoveryModule, SegmentsModule, LaddersModule, TemplatesModule, MailboxModule, OutgoingHttpModule],
  controllers: [TaskTypesController],
  providers: [
    ...shipped,
    { provide: SmtpMailer, useFactory: () => SmtpMailer.fromEnvironment(process.env) },
    TaskHandlerRegistry,
    JobContextReader,
    JobExecutor,
    { provide: TaskExecutor, useExisting: JobExecutor },
  ],
  exports: [TaskExecutor],
})
export class TaskHandlersModule {}
