import { type ErrorCode, errorCodes, temporaryErrorCodes } from './generated/error-codes.js';

/**
 * Codes of the client itself: no connection; no answer in time; an answer that is not from WebMetrics; a code newer than this
 * version, which `extensions.code` has.
 */
export type ClientErrorCode = 'NETWORK_ERROR' | 'DEADLINE_EXCEEDED' | 'INVALID_RESPONSE' | 'UNKNOWN_ERROR';

/** An argument that is wrong, and why. */
export interface Problem {
  argument: string;
  problem: string;
}

/** A limit of the organization's plan that was reached. */
export interface ReachedLimit {
  /** As in `LimitName`. */
  name: string;
  used: number;
  allowed: number;
  /** The smallest plan that allows it; null = none does. */
  planId: string | null;
}

/** An error as WebMetrics sends it. */
export interface ErrorEntry {
  message: string;
  /** The field that failed. */
  path?: readonly (string | number)[];
  extensions?: Readonly<Record<string, unknown>>;
}

export interface WebMetricsErrorOptions {
  cause?: unknown;
  /** HTTP status of the answer. */
  status?: number;
  extensions?: Readonly<Record<string, unknown>>;
  errors?: readonly ErrorEntry[];
  data?: unknown;
}

const known: ReadonlySet<unknown> = new Set(errorCodes);
const TEMPORARY_STATUS: ReadonlySet<unknown> = new Set([429, 502, 503, 504]);

const textIn = (value: unknown) => (typeof value === 'string' ? value : undefined);

const isLimit = (value: unknown): value is ReachedLimit =>
  typeof value === 'object' && value !== null && 'name' in value && 'allowed' in value;

/** A request that failed. */
export class WebMetricsError extends Error {
  override readonly name = 'WebMetricsError';
  /** Stable: decide by it. */
  readonly code: ErrorCode | ClientErrorCode;
  /** HTTP status; undefined without an answer. */
  readonly status: number | undefined;
  /** The problem of each argument. */
  readonly details: readonly Problem[];
  /** Find the request in the log of WebMetrics by it. */
  readonly requestId: string | undefined;
  /** Seconds to wait before a retry. */
  readonly retryAfter: number | undefined;
  /** The scope the API key lacks. */
  readonly requiredScope: string | undefined;
  /** With LIMIT_REACHED. */
  readonly limit: ReachedLimit | undefined;
  /** With TWO_FACTOR_REQUIRED: for `CompleteLogIn`. */
  readonly challenge: string | undefined;
  /** Everything else about the first error. */
  readonly extensions: Readonly<Record<string, unknown>>;
  /** All errors of the operation. */
  readonly errors: readonly ErrorEntry[];
  /** The part of the answer that did not fail. */
  readonly data: unknown;

  constructor(message: string, code: string, options: WebMetricsErrorOptions = {}) {
    super(message, { cause: options.cause });
    const { status, extensions = {}, errors = [], data } = options;
    this.code = known.has(code) || OWN.has(code) ? (code as ErrorCode) : 'UNKNOWN_ERROR';
    this.status = status;
    this.extensions = extensions;
    this.errors = errors;
    this.data = data;
    this.details = Array.isArray(extensions.details) ? extensions.details : [];
    this.requestId = textIn(extensions.requestId);
    this.retryAfter = typeof extensions.retryAfter === 'number' ? extensions.retryAfter : undefined;
    this.requiredScope = textIn(extensions.requiredScope);
    this.limit = isLimit(extensions.limit) ? extensions.limit : undefined;
    this.challenge = textIn(extensions.challenge);
  }

  /** Whether the same request may succeed later, or the running one with the same idempotency key may end. */
  get isTemporary(): boolean {
    if (this.code === 'NETWORK_ERROR' || TEMPORARY_STATUS.has(this.status)) return true;
    if (this.code === 'CONFLICT') return this.retryAfter !== undefined;
    return this.errors.length > 0
      ? this.errors.every(({ extensions }) => temporaryErrorCodes.has(String(extensions?.code)))
      : temporaryErrorCodes.has(this.code);
  }
}

const OWN: ReadonlySet<string> = new Set<ClientErrorCode>([
  'NETWORK_ERROR',
  'DEADLINE_EXCEEDED',
  'INVALID_RESPONSE',
  'UNKNOWN_ERROR',
]);

/** Returns the error of an answer with `errors`, as GraphQL has them. */
export function errorOf(errors: readonly ErrorEntry[], status: number, data?: unknown): WebMetricsError {
  const { message = 'The operation failed.', extensions = {} } = errors[0] ?? {};
  return new WebMetricsError(message, String(extensions.code), { status, extensions, errors, data });
}

/** Returns the error of a refusal: GraphQL errors, problem details (RFC 9457), or a page of a proxy. */
export function errorOfRefusal({ status, headers }: Response, text: string): WebMetricsError {
  const retryAfter = Number(headers.get('retry-after')) || undefined;
  try {
    const body = JSON.parse(text);
    if (Array.isArray(body.errors)) return errorOf(body.errors, status);
    if (typeof body.code === 'string') {
      return new WebMetricsError(body.detail ?? body.title, body.code, { status, extensions: { retryAfter, ...body } });
    }
  } catch {
    // Not JSON.
  }
  const message = `The answer has the status ${status} and is not from WebMetrics.`;
  return new WebMetricsError(message, 'INVALID_RESPONSE', { status, extensions: { retryAfter } });
}
