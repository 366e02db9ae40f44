import { readFileSync } from 'node:fs';
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Pool } from 'pg';
import { Clock } from '../clock/clock.js';
import { UnavailableError } from '../http-problems/problem-error.js';
import { storedFormat } from '../runner/stored-format.js';

class HealthDto {
  @ApiProperty({ enum: ['ok'] }) status: 'ok';
  @ApiProperty({ description: "Time of the server: the machine's, or the test clock's.", format: 'date-time' })
  time: string;
  @ApiProperty({ description: 'Milliseconds that the database took to answer.', example: 1 }) databaseMs: number;
  @ApiProperty({ description: 'Version of the server.', example: '0.1.0' }) version: string;
  @ApiProperty({ description: 'Number of the newest migration that the database has.', example: 25 }) schema: number;
  @ApiProperty({
    description: 'Form of stored rows that the server writes; it reads this one and all before.',
    example: 1,
  })
  format: number;
  @ApiProperty({ description: 'Resident memory of the server process in bytes.', example: 180_000_000 })
  memoryBytes: number;
}

const patience = 2000;

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

@ApiTags('Health')
@Controller('health')
export class HealthController {
  constructor(
    private readonly pool: Pool,
    private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Whether the server can do its work; status 503 when its database does not answer' })
  @ApiOkResponse({ type: HealthDto })
  async health(): Promise<HealthDto> {
    const began = performance.now();
    let timer: NodeJS.Timeout | undefined;
    let schema: number;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new Error('The database took too long.'));
      }, patience);
    });
    try {
      const query = this.pool.query<{ schema: number }>('SELECT max(timestamp)::int AS schema FROM migration');
      // When the race is lost, its own end is of no interest any more.
      query.catch(() => undefined);
      const { rows } = await Promise.race([query, late]);
      schema = rows[0]!.schema;
    } catch {
      throw new UnavailableError(
        `The database did not answer within ${patience} ms. Check that it runs and that DATABASE_URL is right.`,
      );
    } finally {
      clearTimeout(timer);
    }
    return {
      status: 'ok',
      time: new Date(this.clock.now()).toISOString(),
      version,
      schema,
      format: storedFormat,
      databaseMs: Math.round(performance.now() - began),
      memoryBytes: process.memoryUsage.rss(),
    };
  }
}
