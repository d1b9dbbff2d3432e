import { type ErrorCode, errorCodes } from '#runtime/error-codes.js';

/** Returns the HTTP status of an error code; 500 for an unknown one of another process. */
export function httpStatusOf(code: ErrorCode): number {
  return Object.hasOwn(errorCodes, code) ? errorCodes[code].status : 500;
}
