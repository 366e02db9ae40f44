import { createTransport, type Transporter } from 'nodemailer';
import { TaskFailure } from '../../task-dispatch/task-executor.js';

/** Sends mail through an SMTP server. */
export class SmtpMailer {
  private readonly transport: Transporter;
  private readonly domain: string;

  /**
   * @param url `smtp://user:password@host:port`, or smtps
   * @param from the sender: `Shop <news@example.com>`
   */
  private constructor(
    url: string,
    private readonly from: string,
  ) {
    this.transport = createTransport({
      url,
      pool: true,
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 20_000,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    this.domain = /@([A-Za-z0-9.-]+)/.exec(from)?.[1] ?? 'localhost';
  }

  /**
   * The mailer that `SMTP_URL` and `MAIL_FROM` describe; null where there is no `SMTP_URL`.
   * @throws an Error that says what is missing
   */
  static fromEnvironment(environment: NodeJS.ProcessEnv): SmtpMailer | null {
    const url = environment['SMTP_URL'];
    const from = environment['MAIL_FROM'];
    if (url === undefined || url === '') return null;
    if (!URL.canParse(url) || !/^smtps?:$/.test(new URL(url).protocol)) {
      throw new Error(
        'SMTP_URL is no address of an SMTP server. Set it to smtp://user:password@host:587 or smtps://...',
      );
    }
    if (from === undefined || !from.includes('@')) {
      throw new Error('SMTP_URL is set, but MAIL_FROM is not. Set it to the sender: "Shop <news@example.com>".');
    }
    return new SmtpMailer(url, from);
  }

  /**
   * @param key idempotency key: the same Message-ID in every attempt lets servers and clients recognise a repeat
   * @returns the Message-ID
   * @throws TaskFailure: refusals of the server (5xx) are for good, anything else may be retried
   */
  async send(mail: { to: string; subject: string; html: string; key: string }): Promise<string> {
    const messageId = `<${encodeURIComponent(mail.key).replace(/[()]/g, '_')}@${this.domain}>`;
    const { to, subject, html } = mail;
    try {
      await this.transport.sendMail({ from: this.from, to: { name: '', address: to }, subject, html, messageId });
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      const code = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : 0;
      const forGood = code >= 500 && code < 600;
      throw new TaskFailure(
        `The SMTP server did not take the mail to ${to}: ${said}.`,
        forGood ? 'Correct the address, and retry the incident.' : 'Check the SMTP server, and retry the incident.',
        !forGood,
      );
    }
    return messageId;
  }

  close(): void {
    this.transport.close();
  }
}
