import { Inject, type OnApplicationShutdown } from '@nestjs/common';
import type { Json } from '@xflow/engine';
import { MailboxService } from '../../mailbox/mailbox.service.js';
import { TaskFailure } from '../../task-dispatch/task-executor.js';
import { TemplatesService } from '../../templates/templates.service.js';
import { renderedFor } from '../rendered-for.js';
import { TaskHandler, type Job, type JobHandler } from '../task-handler.js';
import { SmtpMailer } from './smtp-mailer.js';

/** Configuration: schemas/tasks/send-email.json */
interface Config {
  readonly template: string;
  readonly to?: string;
  readonly subject?: string;
}

/**
 * Renders a template and sends it to the user: through the SMTP server of `SMTP_URL`, or into the mailbox where there is
 * none. The result: `{ sent: true, via: 'smtp' | 'mailbox', to, messageId? }`.
 */
@TaskHandler('send-email')
export class SendEmail implements JobHandler<Config>, OnApplicationShutdown {
  constructor(
    private readonly templates: TemplatesService,
    private readonly mailbox: MailboxService,
    /** Null: there is no SMTP server. */
    @Inject(SmtpMailer) private readonly mailer: SmtpMailer | null,
  ) {}

  onApplicationShutdown(): void {
    this.mailer?.close();
  }

  async run(job: Job<Config>): Promise<Json> {
    const context = await job.context();
    const { template, subject, to: configured } = job.config;
    const to = configured ?? context.user.attributes['email'];
    if (typeof to !== 'string' || !isAddress(to)) {
      throw new TaskFailure(
        to === undefined || to === null
          ? `The user "${job.subjectId}" has no attribute email, and the task names no address.`
          : `${JSON.stringify(to)} is no e-mail address.`,
        'Set the attribute email of the user, or the address of the task, and retry the incident.',
        false,
      );
    }
    const mail = await renderedFor(() => this.templates.renderMail(template, subject, context));
    const { idempotencyKey, subjectId: userId, instanceId, elementId } = job;
    if (this.mailer === null) {
      await this.mailbox.keep({ to, ...mail, userId, instanceId, elementId, idempotencyKey });
      return { sent: true, via: 'mailbox', to };
    }
    return { sent: true, via: 'smtp', to, messageId: await this.mailer.send({ to, ...mail, key: idempotencyKey }) };
  }
}

/** One address, and nothing by which a second could come along. */
function isAddress(text: string): boolean {
  return text.length <= 320 && /^[^\s@,;:<>"()[\]\\]+@[^\s@,;:<>"()[\]\\]+$/.test(text);
}
