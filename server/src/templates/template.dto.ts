import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Template } from '@xflow/schemas';
import { IsOptional, IsString, Length, Matches, MaxLength } from 'class-validator';

export class TemplateDto implements Template {
  @ApiProperty({ description: 'Name, as diagrams use it.', example: 'welcome' })
  @Matches(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/, {
    message: '$property must begin with a letter or digit, and consist of at most 100 letters, digits, _, . and -',
  })
  id: string;

  @ApiPropertyOptional({ description: 'Liquid, one line.', example: 'Welcome, {{ user.attributes.name }}' })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  subject?: string;

  @ApiProperty({
    description: 'Liquid with user, variables and instance. HTML for e-mail, JSON for webhooks; output is escaped.',
    example: '<p>Hello {{ user.attributes.name | default: "there" }}, you are {{ user.tier }} now.</p>',
  })
  @IsString()
  @Length(1, 200_000)
  body: string;
}

export class TemplateListDto {
  @ApiProperty({ type: [TemplateDto] }) items: TemplateDto[];
}
