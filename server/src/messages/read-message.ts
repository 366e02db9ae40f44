import { ProblemError } from '../http-problems/problem-error.js';
import { RequestPipe } from '../http-problems/request-pipe.js';
import { BadLine } from '../ndjson/read-bulk.js';
import { PublishMessageDto } from './messages.dto.js';

const requests = new RequestPipe();

/** Reads what is sent as POST /api/messages would be; or tells why it cannot be taken, in whole sentences. */
export async function readMessage(value: unknown): Promise<PublishMessageDto | BadLine> {
  try {
    return (await requests.transform(value, { type: 'body', metatype: PublishMessageDto })) as PublishMessageDto;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const problems = error.errors.map(({ field, message, remedy }) => `${field ?? '$'}: ${message} ${remedy}`);
    return new BadLine(problems.length > 0 ? problems.join(' ') : error.detail);
  }
}
