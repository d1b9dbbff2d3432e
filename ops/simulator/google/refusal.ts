import type { WireAnswer } from '../wire.js';

const STATUS: Record<number, { status: string; reason: string; message: string }> = {
  400: { status: 'INVALID_ARGUMENT', reason: 'badRequest', message: 'Request contains an invalid argument.' },
  401: {
    status: 'UNAUTHENTICATED',
    reason: 'authError',
    message:
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.',
  },
  403: { status: 'PERMISSION_DENIED', reason: 'forbidden', message: 'The caller does not have permission' },
  404: { status: 'NOT_FOUND', reason: 'notFound', message: 'Requested entity was not found.' },
  429: {
    status: 'RESOURCE_EXHAUSTED',
    reason: 'rateLimitExceeded',
    message: 'Resource has been exhausted (e.g. check quota).',
  },
  500: { status: 'INTERNAL', reason: 'backendError', message: 'Internal error encountered.' },
  503: { status: 'UNAVAILABLE', reason: 'backendError', message: 'The service is currently unavailable.' },
};

/** How an API wraps its errors: a google.rpc.Status, or the list of errors that older APIs send. */
export type Envelope = 'status' | 'errors';

export interface RefusalFacts {
  message?: string;
  details?: unknown[];
  headers?: Record<string, string>;
  /** Of the older envelope: what went wrong in one word, and where. */
  reason?: string;
  domain?: 'global' | 'usageLimits';
}

/** What a Google API refuses with; thrown by handlers, printed where the provider answers. */
export class GoogleRefusal extends Error {
  readonly code: number;
  readonly #facts: RefusalFacts;

  constructor(code: number, facts: RefusalFacts = {}) {
    super(facts.message ?? STATUS[code]?.message ?? 'Unknown error.');
    this.code = code;
    this.#facts = facts;
  }

  answer(envelope: Envelope): WireAnswer {
    const { message, code } = this;
    const { details, headers, reason, domain = 'global' } = this.#facts;
    const known = STATUS[code] ?? { status: 'UNKNOWN', reason: 'backendError' };
    const errors = [{ message, domain, reason: reason ?? known.reason }];
    // Only what the front end refuses carries both forms at once.
    const modern = envelope === 'status' || details !== undefined;
    return {
      status: code,
      ...(headers && { headers }),
      body: {
        error: {
          code,
          message,
          ...(envelope === 'errors' && { errors }),
          ...(modern && { status: known.status }),
          ...(details && { details }),
        },
      },
    };
  }
}

/** Returns the refusal of a request whose content is wrong. */
export function invalidArgument(message: string, reason = 'invalidParameter'): GoogleRefusal {
  return new GoogleRefusal(400, { message, reason });
}

/** Returns an ErrorInfo, by which Google's front end names a reason. */
export function errorInfo(reason: string, service: string, metadata: Record<string, string> = {}): unknown {
  return {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason,
    domain: 'googleapis.com',
    metadata: { service, ...metadata },
  };
}
