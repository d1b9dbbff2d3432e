import type { FastifyError } from 'fastify';
import type { UnexpectedErrors } from '#runtime/alerts/unexpected-errors.js';
import { isDatabaseAway } from '#runtime/database/database-away.js';
import { AppError, type ErrorCode, ServiceUnavailable } from '#runtime/errors.js';
import type { RequestWatch } from '#runtime/http/watch-requests.js';
import type { Logger } from '#runtime/log/logger.js';
import { observeError } from '#runtime/telemetry/observe-operation.js';
import { httpStatusOf } from './http-status.js';

/** The response to a failed request. */
export interface Failure {
  status: number;
  retryAfter?: number;
  body: { errors: [{ message: string; extensions: { code: ErrorCode; requestId: string } & Record<string, unknown> }] };
}

type FailureExtensions = Pick<
  AppError,
  'details' | 'retryAfter' | 'requiredScope' | 'limit' | 'challenge' | 'payment'
> & {
  stacktrace?: string[];
};

const requestErrors: Record<string, [code: ErrorCode, message: string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['REQUEST_TOO_LARGE', 'The request body is too large.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['BAD_REQUEST', 'The request body is not valid JSON.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['BAD_REQUEST', 'The request body is empty.'],
  FST_CP_ERR_INVALID_CONTENT_ENCODING: [
    'BAD_REQUEST',
    'Send the body as it is, or compressed with gzip, br or deflate.',
  ],
  FST_CP_ERR_INVALID_CONTENT: ['BAD_REQUEST', 'The request body cannot be decompressed.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['BAD_REQUEST', 'Send JSON with "Content-Type: application/json".'],
};

/**
 * Returns the response to an error. Known errors keep their message; others are masked, logged and raised as an
 * alert.
 */
export function describeFailure(
  error: FastifyError | AppError,
  requestId: string,
  logger: Logger,
  unexpected?: UnexpectedErrors,
): Failure {
  const failure = (status: number, message: string, code: ErrorCode, more: FailureExtensions = {}): Failure => {
    const { details, retryAfter, requiredScope, limit, challenge, payment, stacktrace } = more;
    return {
      status,
      retryAfter,
      body: {
        errors: [
          {
            message,
            extensions: { code, details, retryAfter, requiredScope, limit, challenge, payment, requestId, stacktrace },
          },
        ],
      },
    };
  };
  if (error instanceof AppError) return failure(httpStatusOf(error.code), error.message, error.code, error);
  if (isDatabaseAway(error)) {
    logger.warn({ err: error, requestId }, 'Database unavailable');
    return describeFailure(new ServiceUnavailable(), requestId, logger);
  }
  const status = error.statusCode ?? 500;
  const isSyntaxError = error instanceof SyntaxError;
  const known = requestErrors[isSyntaxError ? 'FST_ERR_CTP_INVALID_JSON_BODY' : error.code];
  if (known) return failure(status, known[1], known[0]);
  if (status === 405) return failure(status, error.message, 'METHOD_NOT_ALLOWED');
  if (status < 500) return failure(status, error.message, 'BAD_REQUEST');
  logger.error({ err: error, requestId }, 'Route failed unexpectedly');
  unexpected?.raise(error, requestId);
  return failure(500, 'Internal error', 'INTERNAL_SERVER_ERROR', unexpected?.extensionsOf(error));
}

/** Counts a failure, and names its code in the log line of its request. */
export function recordFailure(code: ErrorCode, watch: RequestWatch | undefined): void {
  observeError(code);
  if (watch) watch.errorCodes = [code];
}
