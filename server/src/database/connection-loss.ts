import { DatabaseError } from 'pg';

/**
 * Whether the database went away, or ends the session, so that the statement says nothing about the request: 57P01 to 57P05 (it shuts
 * down, or somebody ends the session), class 08 (connection exceptions), 53300 (no connection is free), sockets that break, and what
 * pg says of a connection that broke before. What TypeORM throws is seen through.
 */
export function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('driverError' in error) return isConnectionLoss(error.driverError);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (error instanceof DatabaseError) return /^(57P|08)|^53300$/.test(code);
  // A system call names itself; a client that broke off its request does not.
  if ('syscall' in error && socketErrors.includes(code)) return true;
  return /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/.test(
    error.message,
  );
}

const socketErrors = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT', 'ENOTFOUND', 'EAI_AGAIN'];
