import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Pool } from 'pg';
import { Clock } from '../clock/clock.js';
import { UnavailableError } from '../http-problems/problem-error.js';

class HealthDto {
  @ApiProperty({ enum: ['ok'] }) status: 'ok';
  @ApiProperty({ description: "Time of the server: the machine's, or the test clock's.", format: 'date-time' })
  time: string;
  @ApiProperty({ description: 'Milliseconds that the database took to answer.', example: 1 }) databaseMs: number;
  @ApiProperty({ description: 'Resident memory of the server process in bytes.', example: 180_000_000 })
  memoryBytes: number;
}

const patience = 2000;

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
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new Error('The database took too long.'));
      }, patience);
    });
    try {
      const query = this.pool.query('SELECT 1');
      // When the race is lost, its own end is of no interest any more.
      query.catch(() => undefined);
      await Promise.race([query, late]);
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
      databaseMs: Math.round(performance.now() - began),
      memoryBytes: process.memoryUsage.rss(),
    };
  }
}
