import { Module } from '@nestjs/common';
import { MailboxController } from './mailbox.controller.js';
import { MailboxService } from './mailbox.service.js';

/** Mail that found no SMTP server. */
@Module({ controllers: [MailboxController], providers: [MailboxService], exports: [MailboxService] })
export class MailboxModule {}
