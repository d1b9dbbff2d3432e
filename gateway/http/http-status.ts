import type { ErrorCode } from '#runtime/errors.js';

const statuses: Partial<Record<ErrorCode, number>> = {
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  CONFIRMATION_REQUIRED: 401,
  TWO_FACTOR_REQUIRED: 401,
  TWO_FACTOR_INVALID: 401,
  TWO_FACTOR_SETUP_REQUIRED: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  RECONNECT_REQUIRED: 409,
  RATE_LIMITED: 429,
  ANSWER_TOO_LARGE: 400,
  PROVIDER_UNAVAILABLE: 502,
  SUBGRAPH_UNAVAILABLE: 503,
  SERVICE_UNAVAILABLE: 503,
};

/** Returns the HTTP status of an error code. */
export function httpStatusOf(code: ErrorCode): number {
  return statuses[code] ?? 500;
}
