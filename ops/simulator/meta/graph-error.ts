import { opaqueAlphanumerics } from '#simulator/oauth/opaque-text.js';
import type { WireAnswer } from '#simulator/wire.js';

interface GraphErrorFacts {
  status?: number;
  code: number;
  subcode?: number;
  type?: 'OAuthException' | 'GraphMethodException' | 'GraphBatchException';
  isTransient?: boolean;
  userTitle?: string;
  userMessage?: string;
}

/** An error answer in Meta's format, thrown by handlers. */
export class GraphError extends Error {
  readonly facts: GraphErrorFacts;

  constructor(message: string, facts: GraphErrorFacts) {
    super(message);
    this.facts = facts;
  }

  answer(): WireAnswer {
    const { status = 400, code, subcode, type = 'OAuthException', isTransient, userTitle, userMessage } = this.facts;
    return {
      status,
      headers: {
        'cache-control': 'no-store',
        ...(type === 'OAuthException' &&
          status < 500 && {
            'www-authenticate': `OAuth "Facebook Platform" "${challengeOf(code)}" "${inHeader(this.message)}"`,
          }),
      },
      body: {
        error: {
          message: this.message,
          type,
          code,
          ...(subcode !== undefined && { error_subcode: subcode }),
          ...(isTransient !== undefined && { is_transient: isTransient }),
          ...(userTitle !== undefined && { error_user_title: userTitle }),
          ...(userMessage !== undefined && { error_user_msg: userMessage }),
          fbtrace_id: opaqueAlphanumerics('A', 22),
        },
      },
    };
  }
}

// A message may quote the caller's text, and headers allow printable ASCII only.
function inHeader(message: string): string {
  return message.replace(/[^\x20-\x7e]|["\\]/g, '?').slice(0, 300);
}

function challengeOf(code: number): string {
  if (code === 190 || code === 102) return 'invalid_token';
  return code === 10 || (code >= 200 && code < 300) ? 'insufficient_scope' : 'invalid_request';
}

/** Returns the error for a missing or inaccessible object. */
export function missingObject(id: string, method = 'get'): GraphError {
  return new GraphError(
    `Unsupported ${method} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api`,
    { code: 100, subcode: 33, type: 'GraphMethodException' },
  );
}

export function invalidParameter(message: string, subcode?: number): GraphError {
  return new GraphError(`(#100) ${message}`, { code: 100, ...(subcode !== undefined && { subcode }) });
}

export function permissionMissing(): GraphError {
  return new GraphError('(#200) Ad account owner has NOT grant ads_management or ads_read permission', {
    status: 403,
    code: 200,
  });
}

/** Returns the error for an injected fault. Meta reports limits with 400, never with 429. */
export function faultError(status: number): GraphError {
  switch (status) {
    case 401:
      return new GraphError('Error validating access token: Session has expired on Sunday, 01-Nov-26 04:45:57 PST.', {
        status,
        code: 190,
        subcode: 463,
      });
    case 403:
      return permissionMissing();
    case 429:
      return new GraphError(
        '(#80000) There have been too many calls from this ad-account. Wait a bit and try again. For more info, please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting.',
        { code: 80000, subcode: 2446079, isTransient: false },
      );
    case 400:
      return invalidParameter('Invalid parameter');
    case 503:
      return new GraphError('Service temporarily unavailable', { status, code: 2, isTransient: true });
    default:
      return new GraphError('An unexpected error has occurred. Please retry your request later.', {
        status,
        code: 2,
        isTransient: true,
      });
  }
}
