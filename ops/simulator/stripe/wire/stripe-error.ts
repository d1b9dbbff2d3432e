import type { WireAnswer } from '#simulator/wire.js';

export type StripeErrorType = 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';

/** Beside type and message: https://docs.stripe.com/api/errors */
export interface StripeErrorDetails {
  code?: string;
  param?: string;
  decline_code?: string;
  charge?: string;
  advice_code?: string;
  network_decline_code?: string;
  payment_intent?: unknown;
  setup_intent?: unknown;
  payment_method?: unknown;
}

/** A refusal in Stripe's words, thrown by handlers. */
export class StripeError extends Error {
  readonly status: number;
  readonly type: StripeErrorType;
  readonly details: StripeErrorDetails;

  constructor(status: number, type: StripeErrorType, message: string, details: StripeErrorDetails = {}) {
    super(message);
    this.name = 'StripeError';
    this.status = status;
    this.type = type;
    this.details = details;
  }

  /** The `error` of an answer; its address in the request log is added where it is sent. */
  body(requestId: string): Record<string, unknown> {
    const { code } = this.details;
    return {
      error: {
        ...this.details,
        ...(code !== undefined && { doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}` }),
        message: this.message,
        request_log_url: `https://dashboard.stripe.com/test/logs/${requestId}`,
        type: this.type,
      },
    };
  }

  /** The `error` of an answer of the second version: https://docs.stripe.com/api-v2-overview */
  plainBody(): Record<string, unknown> {
    const { code = this.type } = this.details;
    return { error: { code: code === 'resource_missing' ? 'not_found' : code, message: this.message } };
  }
}

/** A request that cannot be followed: 400. */
export function invalidRequest(message: string, details: StripeErrorDetails = {}): StripeError {
  return new StripeError(400, 'invalid_request_error', message, details);
}

/** An id that names nothing: 404 in a path, 400 in a parameter (then named by `param`). */
export function noSuch(what: string, id: string, param?: string): StripeError {
  return new StripeError(param === undefined ? 404 : 400, 'invalid_request_error', `No such ${what}: '${id}'`, {
    code: 'resource_missing',
    param: param ?? 'id',
  });
}

/** An injected fault as Stripe words it; 409 is a key in use, 429 the lock of a writing call or the rate limit of a reading one. */
export function faultOf(status: number, method: string): WireAnswer {
  const requestId = 'req_simulatedfault';
  const isLocked = status === 429 && method !== 'GET';
  const error = isLocked
    ? lockTimeout
    : (faults[status] ?? new StripeError(status, 'api_error', 'An unknown error occurred'));
  return {
    status,
    headers: {
      'request-id': requestId,
      ...(isLocked && { 'stripe-should-retry': 'true' }),
      ...(status === 429 && !isLocked && { 'stripe-rate-limited-reason': 'global-rate' }),
    },
    body: error.body(requestId),
  };
}

const lockTimeout = new StripeError(
  429,
  'invalid_request_error',
  'This object cannot be accessed right now because another API request or Stripe process is currently accessing it. If you see this error intermittently, retry the request. If you see this error frequently and are making multiple concurrent requests to a single object, make your requests serially or at a lower rate.',
  { code: 'lock_timeout' },
);

/** Beyond the setting `stripeRequestsPerSecond`. */
export function rateLimited(): StripeError {
  return faults[429] as StripeError;
}

const faults: Record<number, StripeError> = {
  400: invalidRequest('Invalid request.'),
  401: new StripeError(401, 'invalid_request_error', 'Invalid API Key provided: sk_test_****'),
  402: new StripeError(402, 'card_error', 'Your card was declined.', {
    code: 'card_declined',
    decline_code: 'generic_decline',
  }),
  403: new StripeError(403, 'invalid_request_error', 'The provided key does not have access to this resource.', {
    code: 'more_permissions_required_for_application',
  }),
  404: new StripeError(404, 'invalid_request_error', 'No such resource', { code: 'resource_missing' }),
  409: new StripeError(
    409,
    'idempotency_error',
    'There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through). Please try again later.',
    { code: 'idempotency_key_in_use' },
  ),
  429: new StripeError(
    429,
    'invalid_request_error',
    'Request rate limit exceeded. Learn more about rate limits here https://docs.stripe.com/rate-limits.',
    { code: 'rate_limit' },
  ),
  500: new StripeError(500, 'api_error', 'An unknown error occurred'),
  503: new StripeError(503, 'api_error', 'Stripe is temporarily unavailable. Please try again later.'),
};
