import type { AlertCategory } from '#runtime/alert.js';
import { AppError, type ErrorCode } from '#runtime/errors.js';
import { RequestFailed } from '#runtime/http/http-client.js';

const categoryByCode: Partial<Record<ErrorCode, AlertCategory>> = {
  UNAUTHENTICATED: 'auth',
  FORBIDDEN: 'auth',
  RECONNECT_REQUIRED: 'oauth',
  PROVIDER_UNAVAILABLE: 'integration',
  RATE_LIMITED: 'integration',
};

/** An error of any origin. */
interface ForeignError {
  name?: string;
  message?: string;
  code?: unknown;
  type?: unknown;
  severity?: unknown;
  cause?: unknown;
  originalError?: unknown;
  errors?: unknown;
}

// https://www.postgresql.org/docs/current/errcodes-appendix.html; pg adds the server's severity.
const isPostgresError = ({ code, severity }: ForeignError) =>
  typeof severity === 'string' && typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);
// Errors of pg and its pool without a server.
const DATABASE_LOST =
  /^Connection terminated|timeout exceeded when trying to connect|^Client has encountered a connection/;
const DATABASE_ERROR =
  /^(?:QueryFailedError|DriverError|EntityNotFoundError|ConnectionNotFoundError|TypeORMError|Mongo\w*Error)$/;
const TOKEN_ERROR = /^ERR_J(?:W|OSE)/;

function ownCategory(error: ForeignError): AlertCategory | undefined {
  const { name = '', message = '', code, type } = error;
  if (error instanceof AppError) return categoryByCode[error.code];
  if (error instanceof RequestFailed) return 'integration';
  if (isPostgresError(error) || DATABASE_ERROR.test(name) || DATABASE_LOST.test(message)) return 'database';
  if (typeof code === 'string' && TOKEN_ERROR.test(code)) return 'auth';
  if (/^Stripe\w*Error$/.test(typeof type === 'string' ? type : name)) return 'payment';
  // From another subgraph; by name, as importing its class would load the graph client.
  if (name === 'GraphRequestFailed' && typeof code === 'string') return categoryByCode[code as ErrorCode];
  return undefined;
}

const MAX_DEPTH = 10;

/** Returns the category of an error, or of its causes; 'internal' when neither has one. */
export function categoryOf(error: unknown, depth = 0): AlertCategory {
  if (typeof error !== 'object' || error === null || depth > MAX_DEPTH) return 'internal';
  const foreign = error as ForeignError;
  const own = ownCategory(foreign);
  if (own) return own;
  const [first] = Array.isArray(foreign.errors) ? foreign.errors : [];
  for (const cause of [foreign.originalError, foreign.cause, first]) {
    const category = categoryOf(cause, depth + 1);
    if (category !== 'internal') return category;
  }
  return 'internal';
}
