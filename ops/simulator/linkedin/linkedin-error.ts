import type { WireAnswer } from '#simulator/wire.js';

interface LinkedinErrorFacts {
  status: number;
  code: string;
  serviceErrorCode?: number;
  inputErrors?: readonly { code: string; description: string; fieldPath: string }[];
}

/**
 * An error answer in LinkedIn's format, thrown by handlers:
 * https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts/error-handling
 */
export class LinkedinError extends Error {
  readonly facts: LinkedinErrorFacts;

  constructor(message: string, facts: LinkedinErrorFacts) {
    super(message);
    this.facts = facts;
  }

  body(): Record<string, unknown> {
    const { status, code, serviceErrorCode, inputErrors } = this.facts;
    return {
      status,
      ...(serviceErrorCode !== undefined && { serviceErrorCode }),
      code,
      message: this.message,
      ...(inputErrors && {
        errorDetailType: 'com.linkedin.common.error.BadRequest',
        errorDetails: {
          inputErrors: inputErrors.map(({ code, description, fieldPath }) => ({
            code,
            description,
            input: { inputPath: { fieldPath } },
          })),
        },
      }),
    };
  }

  answer(): WireAnswer {
    return { status: this.facts.status, body: this.body() };
  }
}

/** Returns the error for an invalid parameter. */
export function invalidParameter(fieldPath: string, description: string): LinkedinError {
  return new LinkedinError('Invalid param. Please see errorDetails for more information.', {
    status: 400,
    code: 'PARAM_INVALID',
    inputErrors: [{ code: 'PARAM_INVALID', description, fieldPath }],
  });
}

/** Returns the error for a missing parameter. */
export function missingParameter(fieldPath: string): LinkedinError {
  return new LinkedinError('Missing param. Please see errorDetails for more information.', {
    status: 400,
    code: 'PARAM_MISSING',
    inputErrors: [{ code: 'PARAM_MISSING', description: `${fieldPath} is required`, fieldPath }],
  });
}

/** Returns the error for an unknown parameter. */
export function unknownParameter(fieldPath: string): LinkedinError {
  return new LinkedinError('Invalid query parameters passed to request', {
    status: 400,
    code: 'QUERY_PARAM_NOT_ALLOWED',
    inputErrors: [
      { code: 'QUERY_PARAM_NOT_ALLOWED', description: `${fieldPath} is not a parameter of this resource`, fieldPath },
    ],
  });
}

/** Returns the 403 for missing access or scope. */
export function accessDenied(method: string, path: string): LinkedinError {
  return new LinkedinError(`Not enough permissions to access: ${method} ${path}`, {
    status: 403,
    serviceErrorCode: 100,
    code: 'ACCESS_DENIED',
  });
}

export function notFound(what: string): LinkedinError {
  return new LinkedinError(`${what} was not found`, { status: 404, code: 'NOT_FOUND' });
}

/** The 401s for tokens. */
export const tokenErrors = {
  empty: () =>
    new LinkedinError('Empty oauth2 access token', {
      status: 401,
      serviceErrorCode: 65604,
      code: 'EMPTY_ACCESS_TOKEN',
    }),
  invalid: () =>
    new LinkedinError('Invalid access token', { status: 401, serviceErrorCode: 65600, code: 'INVALID_ACCESS_TOKEN' }),
  revoked: () =>
    new LinkedinError('The token used in the request has been revoked by the user', {
      status: 401,
      serviceErrorCode: 65601,
      code: 'REVOKED_ACCESS_TOKEN',
    }),
  expired: () =>
    new LinkedinError('The token used in the request has expired', {
      status: 401,
      serviceErrorCode: 65602,
      code: 'EXPIRED_ACCESS_TOKEN',
    }),
};

/** Returns the 429 per member, resource and day; LinkedIn sends no reset time. */
export function tooManyRequests(): LinkedinError {
  return new LinkedinError('Resource level throttle limit for calls to this resource is reached.', {
    status: 429,
    serviceErrorCode: 101,
    code: 'TOO_MANY_REQUESTS',
  });
}

/** Returns the error for an injected fault. */
export function faultError(status: number, method: string, path: string): LinkedinError {
  switch (status) {
    case 400:
      return invalidParameter('search', 'Invalid value for param; wrong type or other syntax error');
    case 401:
      return tokenErrors.expired();
    case 403:
      return accessDenied(method, path.replace(/^\/rest/, ''));
    case 404:
      return notFound('The entity');
    case 429:
      return tooManyRequests();
    case 503:
      return new LinkedinError('Service unavailable', { status, code: 'SERVICE_UNAVAILABLE' });
    case 504:
      return new LinkedinError('Gateway timeout', { status, code: 'GATEWAY_TIMEOUT' });
    default:
      return new LinkedinError('Internal Server Error', { status, code: 'INTERNAL_SERVER_ERROR' });
  }
}
