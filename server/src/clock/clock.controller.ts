import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { DateTime, Duration } from 'luxon';
import { InvalidRequestError } from '../http-problems/problem-error.js';
import { parseTime } from '../time/parse-time.js';
import { AdvanceClockDto, ClockDto } from './clock.dto.js';
import { TimeTravel } from './time-travel.js';

@ApiTags('clock')
@Controller('clock')
export class ClockController {
  constructor(private readonly timeTravel: TimeTravel) {}

  @Get()
  @ApiOperation({ summary: 'Tell the time of the test clock' })
  @ApiOkResponse({ type: ClockDto })
  now(): ClockDto {
    return { now: new Date(this.timeTravel.now()).toISOString() };
  }

  @Post('advance')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Advance the test clock',
    description: 'Everything that is due on the way happens when it is due. Answers when the server is at rest.',
  })
  @ApiOkResponse({ type: ClockDto })
  async advance(@Body() request: AdvanceClockDto): Promise<ClockDto> {
    await this.timeTravel.advanceTo(targetOf(request, this.timeTravel.now()));
    return this.now();
  }
}

function targetOf({ by, to }: AdvanceClockDto, now: number): number {
  if ((by === undefined) === (to === undefined))
    throw refused('$', 'The request says neither by how much nor to when, or both.', 'Send either by or to.');
  if (by !== undefined) {
    const duration = Duration.fromISO(by);
    const target = DateTime.fromMillis(now, { zone: 'utc' }).plus(duration).toMillis();
    if (duration.isValid && target >= now) return target;
    throw refused('$.by', `"${by}" is not an ISO 8601 duration forward.`, 'Send one such as P3D or PT12H.');
  }
  const target = parseTime(to!);
  if (target === null)
    throw refused('$.to', `"${to}" is not an RFC 3339 time.`, 'Send one such as 2026-01-05T09:00:00Z.');
  if (target < now)
    throw refused('$.to', `"${to}" lies before the time of the clock.`, 'A clock never goes back: send a later time.');
  return target;
}

const refused = (field: string, message: string, remedy: string): Error =>
  new InvalidRequestError([{ field, message, remedy }]);
