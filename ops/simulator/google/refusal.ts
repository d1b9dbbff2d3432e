import type { WireAnswer } from '#simulator/wire.js';
import { statusNameOf } from './status-names.js';

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
