import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { UnexpectedErrors } from './alerts/unexpected-errors.js';
import { isDatabaseAway } from './database/database-away.js';
import { AppError, type Problem, ServiceUnavailable } from './errors.js';
import type { Logger } from './log/logger.js';

// The codes of graphql-js and Apollo Server for requests that are refused before execution.
const REQUEST_CODES = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

function appErrorIn(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  if (error instanceof GraphQLError) return appErrorIn(error.originalError);
  if (isDatabaseAway(error)) return new ServiceUnavailable({ cause: error });
  return undefined;
}

// graphql-js (execution/values.ts) checks arguments while it executes, as variables with defaults may be null.
const WRONG_ARGUMENT = /^Argument "([^"]+)" (.+?)\.?$/s;

/** Returns the problem of an argument that graphql-js refused; undefined for any other error. */
function argumentProblem({ message, originalError }: GraphQLError): Problem | undefined {
  const [, argument, problem] = (originalError instanceof GraphQLError && WRONG_ARGUMENT.exec(message)) || [];
  return argument && problem ? { argument, problem } : undefined;
}

/** Returns what programs are told of an error of ours, besides its message. */
export function appErrorExtensions(
  error: AppError,
  requestId: string,
): NonNullable<GraphQLFormattedError['extensions']> {
  return {
    code: error.code,
    requestId,
    ...(error.details && { details: error.details }),
    ...(error.requiredScope && { requiredScope: error.requiredScope }),
    ...(error.limit && { limit: error.limit }),
    ...(error.payment && { payment: error.payment }),
    ...(error.retryAfter !== undefined && { retryAfter: error.retryAfter }),
    ...(error.challenge && { challenge: error.challenge }),
  };
}

/**
 * Returns an error as it leaves a subgraph: our own with code, details and request id; any other is logged with its cause,
 * raised as an alert and shown as "Internal error", with a stack in development only.
 */
export function formatError(
  error: GraphQLError,
  requestId: string,
  logger: Logger,
  unexpected?: UnexpectedErrors,
): GraphQLFormattedError {
  const { path } = error;
  // Documents are cached without locations.
  const locations = error.locations?.length ? error.locations : undefined;
  const appError = appErrorIn(error);
  if (appError) {
    // The client gets the message, the operator its cause.
    if (appError.cause) logger.warn({ err: appError, path, requestId }, appError.message);
    return { message: appError.message, locations, path, extensions: appErrorExtensions(appError, requestId) };
  }
  const problem = argumentProblem(error);
  const code = problem ? 'BAD_USER_INPUT' : error.extensions?.code;
  // Without a path it was refused before execution: an invalid document, or a variable refused by its scalar.
  const isRefused = !path && (!error.originalError || error.originalError instanceof GraphQLError);
  const isRequestError = isRefused || REQUEST_CODES.has(String(code));
  if (isRequestError) {
    const extensions = { code: code ?? 'BAD_USER_INPUT', requestId, ...(problem && { details: [problem] }) };
    return { message: error.message, locations, path, extensions };
  }
  const cause = error.originalError ?? error;
  logger.error({ err: cause, path, requestId }, 'Unexpected error in a resolver');
  unexpected?.raise(cause, requestId, path);
  return {
    message: 'Internal error',
    locations,
    path,
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId, ...unexpected?.extensionsOf(cause) },
  };
}
