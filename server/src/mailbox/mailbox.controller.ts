import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { Mail } from '@xflow/schemas';
import { PageQuery } from '../paging/page-query.dto.js';
import { MailboxService } from './mailbox.service.js';

class MailDto implements Mail {
  @ApiProperty({ example: '42' }) id: string;
  @ApiProperty({ example: 'ann@example.com' }) to: string;
  @ApiProperty({ example: 'Welcome, Ann' }) subject: string;
  @ApiProperty({ example: '<p>Hello Ann</p>' }) html: string;
  @ApiProperty({ example: '17850' }) userId: string;
  @ApiProperty({ example: '019b5c5e-3c1a-7b1f-9c52-0a2f6f1d2e3c' }) instanceId: string;
  @ApiProperty({ example: 'Task_Welcome' }) elementId: string;
  @ApiProperty({ format: 'date-time', example: '2026-01-05T09:00:00.000Z' }) at: string;
}
class MailPageDto {
  @ApiProperty({ type: [MailDto] }) items: MailDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) nextCursor: string | null;
}

/**
 * A mail is a stranger's HTML: as a page it has an origin of its own, runs nothing and loads nothing, and only the console
 * may frame it. Mails carry their styles inline.
 */
const mailPolicy = [
  'sandbox',
  `default-src 'none'`,
  `style-src 'unsafe-inline'`,
  'img-src data:',
  `frame-ancestors 'self'`,
].join('; ');

@ApiTags('Mailbox')
@Controller('mailbox')
export class MailboxController {
  constructor(private readonly mailbox: MailboxService) {}

  @Get()
  @ApiOperation({ summary: 'Mail that was kept because no SMTP server is configured, newest first' })
  @ApiOkResponse({ type: MailPageDto })
  list(@Query() page: PageQuery): Promise<{ items: Mail[]; nextCursor: string | null }> {
    return this.mailbox.list(page);
  }

  @Get(':id/html')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', mailPolicy)
  @ApiOperation({ summary: 'The body of a kept mail, as a page that cannot reach anything' })
  @ApiProduces('text/html')
  @ApiOkResponse({ schema: { type: 'string' } })
  html(@Param('id') id: string): Promise<string> {
    return this.mailbox.html(id);
  }
}
