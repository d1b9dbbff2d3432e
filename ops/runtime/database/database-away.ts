/** SQLSTATE of a server that shuts down, starts, or has too many connections, and class 08: connection exception. */
const AWAY_STATE = /^(57P0[123]|53300|08...)$/;
const AWAY_ERRNO = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
// pg, its pool and TypeORM have no codes for these.
const AWAY_MESSAGE =
  /^(timeout exceeded when trying to connect|timeout expired|Connection terminated|Client has encountered a connection error|Cannot use a pool after|Driver not Connected)/;

interface DatabaseError {
  name?: string;
  message?: string;
  code?: unknown;
  /** pg's error in TypeORM's. */
  driverError?: DatabaseError;
}

/** Whether an error means that PostgreSQL is unavailable, and not that the statement was wrong. */
export function isDatabaseAway(error: unknown): boolean {
  const { name, message = '', code, driverError } = (error ?? {}) as DatabaseError;
  if (driverError) return isDatabaseAway(driverError);
  // TypeORM's error for the rest of a transaction whose connection broke.
  if (name === 'QueryRunnerAlreadyReleasedError') return true;
  if (typeof code === 'string') return AWAY_STATE.test(code) || AWAY_ERRNO.has(code);
  return AWAY_MESSAGE.test(message);
}
