import type { WireAnswer } from '#simulator/wire.js';

interface StatusName {
  status: string;
  message: string;
}

// https://cloud.google.com/apis/design/errors#handling_errors
const NAMES: Record<number, StatusName> = {
  400: { status: 'INVALID_ARGUMENT', message: 'Request contains an invalid argument.' },
  401: {
    status: 'UNAUTHENTICATED',
    message:
      'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.',
  },
  403: { status: 'PERMISSION_DENIED', message: 'The caller does not have permission' },
  404: { status: 'NOT_FOUND', message: 'Requested entity was not found.' },
  409: { status: 'ABORTED', message: 'The operation was aborted.' },
  429: { status: 'RESOURCE_EXHAUSTED', message: 'Resource has been exhausted (e.g. check quota).' },
  499: { status: 'CANCELLED', message: 'The operation was cancelled.' },
  500: { status: 'INTERNAL', message: 'Internal error encountered.' },
  501: { status: 'UNIMPLEMENTED', message: 'Operation is not implemented, or supported, or enabled.' },
  503: { status: 'UNAVAILABLE', message: 'The service is currently unavailable.' },
  504: { status: 'DEADLINE_EXCEEDED', message: 'Deadline expired before operation could complete.' },
};

/** Returns a status's google.rpc.Code name and usual message. */
export function statusNameOf(code: number): StatusName {
  return NAMES[code] ?? { status: 'UNKNOWN', message: 'Unknown error.' };
}

/** Reasons in the error format of older APIs. */
const REASONS: Record<number, string> = {
  400: 'badRequest',
  401: 'authError',
  403: 'forbidden',
  404: 'notFound',
  429: 'rateLimitExceeded',
};

/** A google.rpc.Status, or the `errors` list of older APIs. */
export type Envelope = 'status' | 'errors';

export interface ErrorFacts {
  message?: string;
  details?: unknown[];
  headers?: Record<string, string>;
  reason?: string;
  domain?: 'global' | 'usageLimits';
}

/** An error answer, thrown by handlers. */
export class GoogleError extends Error {
  readonly code: number;
  readonly #facts: ErrorFacts;

  constructor(code: number, facts: ErrorFacts = {}) {
    super(facts.message ?? statusNameOf(code).message);
    this.code = code;
    this.#facts = facts;
  }

  answer(envelope: Envelope): WireAnswer {
    const { message, code } = this;
    const { details, headers, reason, domain = 'global' } = this.#facts;
    const errors = [{ message, domain, reason: reason ?? REASONS[code] ?? 'backendError' }];
    // Only front end errors carry both formats.
    const modern = envelope === 'status' || details !== undefined;
    return {
      status: code,
      ...(headers && { headers }),
      body: {
        error: {
          code,
          message,
          ...(envelope === 'errors' && { errors }),
          ...(modern && { status: statusNameOf(code).status }),
          ...(details && details.length > 0 && { details }),
        },
      },
    };
  }
}

/** Returns the error for invalid content. */
export function invalidArgument(message: string, reason = 'invalidParameter'): GoogleError {
  return new GoogleError(400, { message, reason });
}

/** Returns an ErrorInfo, the reason given by Google's front end. */
export function errorInfo(reason: string, service: string, metadata: Record<string, string> = {}): unknown {
  return {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason,
    domain: 'googleapis.com',
    metadata: { service, ...metadata },
  };
}

/** Returns the front end's 404 page. */
export function notFoundPage(path: string): WireAnswer {
  const shown = path.replace(/[&<>"']/g, '');
  return {
    status: 404,
    headers: { 'content-type': 'text/html; charset=UTF-8' },
    body: `<!DOCTYPE html><html lang=en><title>Error 404 (Not Found)!!1</title><p><b>404.</b> That’s an error.<p>The requested URL <code>${shown}</code> was not found on this server.`,
  };
}
