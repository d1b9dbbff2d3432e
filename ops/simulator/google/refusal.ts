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

/** Returns the name of google.rpc.Code that goes with an HTTP status, and what Google usually says with it. */
export function statusNameOf(code: number): StatusName {
  return NAMES[code] ?? { status: 'UNKNOWN', message: 'Unknown error.' };
}

/** The one word older APIs have for what went wrong. */
const REASONS: Record<number, string> = {
  400: 'badRequest',
  401: 'authError',
  403: 'forbidden',
  404: 'notFound',
  429: 'rateLimitExceeded',
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
    super(facts.message ?? statusNameOf(code).message);
    this.code = code;
    this.#facts = facts;
  }

  answer(envelope: Envelope): WireAnswer {
    const { message, code } = this;
    const { details, headers, reason, domain = 'global' } = this.#facts;
    const errors = [{ message, domain, reason: reason ?? REASONS[code] ?? 'backendError' }];
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
          ...(modern && { status: statusNameOf(code).status }),
          ...(details && details.length > 0 && { details }),
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

/** Returns the page of Google's front end for an address no API has. */
export function notFoundPage(path: string): WireAnswer {
  const shown = path.replace(/[&<>"']/g, '');
  return {
    status: 404,
    headers: { 'content-type': 'text/html; charset=UTF-8' },
    body: `<!DOCTYPE html><html lang=en><title>Error 404 (Not Found)!!1</title><p><b>404.</b> That’s an error.<p>The requested URL <code>${shown}</code> was not found on this server.`,
  };
}
