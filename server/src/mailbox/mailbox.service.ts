import { Injectable } from '@nestjs/common';
import type { Mail } from '@xflow/schemas';
import { Pool } from 'pg';
import { Clock } from '../clock/clock.js';
import { Coalescer } from '../coalescer/coalescer.js';
import { NotFoundError } from '../http-problems/problem-error.js';
import { decodeCursor, pageOf } from '../paging/cursor.js';

export interface KeptMail {
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly userId: string;
  readonly instanceId: string;
  readonly elementId: string;
  /** A mail with the key of one that is kept already is that one again. */
  readonly idempotencyKey: string;
}

/** Where mail goes as long as no SMTP server is configured. */
@Injectable()
export class MailboxService {
  private readonly kept = new Coalescer<KeptMail, null>(async (mails) => {
    await this.insert(mails);
    return mails.map(() => null);
  });

  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
  ) {}

  async keep(mail: KeptMail): Promise<void> {
    await this.kept.get(mail);
  }

  /** Newest first. */
  async list({
    cursor,
    limit,
  }: {
    readonly cursor?: string;
    readonly limit: number;
  }): Promise<{ items: Mail[]; nextCursor: string | null }> {
    const before = cursor === undefined ? null : decodeCursor(cursor, ['number'])[0];
    const { rows: found } = await this.pool.query<Omit<Mail, 'id' | 'at'> & { id: number; at: Date }>(
      `SELECT id, to_address AS "to", subject, html, subject_id AS "userId", instance_id AS "instanceId",
         element_id AS "elementId", at
       FROM mailbox WHERE $1::bigint IS NULL OR id < $1 ORDER BY id DESC LIMIT $2`,
      [before, limit + 1],
    );
    const { rows, nextCursor } = pageOf(found, limit, (row) => [row.id]);
    return { items: rows.map((row) => ({ ...row, id: String(row.id), at: row.at.toISOString() })), nextCursor };
  }

  /** The body of a mail, behind what a reader of mails does for a mail without styles: a plain font and a margin. */
  async html(id: string): Promise<string> {
    const { rows } = /^[1-9]\d{0,17}$/.test(id)
      ? await this.pool.query<{ html: string }>('SELECT html FROM mailbox WHERE id = $1', [id])
      : { rows: [] };
    const [mail] = rows;
    if (mail === undefined) {
      throw new NotFoundError(`There is no mail ${id} in the mailbox. GET /api/mailbox lists the mails.`);
    }
    return `<!doctype html><meta charset="utf-8"><style>body{font:15px/1.5 sans-serif;margin:16px}</style>${mail.html}`;
  }

  private async insert(mails: readonly KeptMail[]): Promise<void> {
    const at = new Date(this.clock.now()).toISOString();
    const rows = mails.map((mail) => ({
      to_address: mail.to,
      subject: mail.subject,
      html: mail.html,
      subject_id: mail.userId,
      instance_id: mail.instanceId,
      element_id: mail.elementId,
      at,
      idempotency_key: mail.idempotencyKey,
    }));
    await this.pool.query({
      name: 'keep-mails',
      text: `INSERT INTO mailbox (to_address, subject, html, subject_id, instance_id, element_id, at, idempotency_key)
             SELECT * FROM json_to_recordset($1::json) AS mail (to_address text, subject text, html text, subject_id text,
               instance_id uuid, element_id text, at timestamptz, idempotency_key text)
             ORDER BY idempotency_key ON CONFLICT (idempotency_key) DO NOTHING`,
      values: [JSON.stringify(rows)],
    });
  }
}
