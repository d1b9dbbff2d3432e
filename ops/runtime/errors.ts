/** Which argument of a request is wrong, and why. */
export interface Problem {
  argument: string;
  problem: string;
}

/** Every code a client can meet in `extensions.code`. Part of the public contract. */
export type ErrorCode =
  | 'BAD_USER_INPUT'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'CONFIRMATION_REQUIRED'
  | 'TWO_FACTOR_REQUIRED'
  | 'TWO_FACTOR_INVALID'
  | 'TWO_FACTOR_SETUP_REQUIRED'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'RATE_LIMITED'
  | 'RECONNECT_REQUIRED'
  | 'PROVIDER_UNAVAILABLE'
  | 'SUBGRAPH_UNAVAILABLE'
  | 'SERVICE_UNAVAILABLE'
  | 'CONFIGURATION'
  | 'INTERNAL_SERVER_ERROR';

export interface AppErrorOptions {
  cause?: unknown;
  details?: Problem[];
  /** Seconds after which trying again makes sense. */
  retryAfter?: number;
  /** What to go on with where one step is done and another is needed. */
  challenge?: string;
  /** The scope an API key lacks. */
  requiredScope?: string;
}

/** An error its reader can act on: the message says what to do, the code says it to a program. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details?: Problem[];
  readonly retryAfter?: number;
  readonly challenge?: string;
  readonly requiredScope?: string;

  constructor(message: string, code: ErrorCode, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.details = options.details;
    this.retryAfter = options.retryAfter;
    this.challenge = options.challenge;
    this.requiredScope = options.requiredScope;
  }
}

/** The caller must change the arguments named in `details`. */
export class InvalidInput extends AppError {
  constructor(details: Problem[], options: AppErrorOptions = {}) {
    const message = details.map(({ argument, problem }) => `${argument} ${problem}`).join('; ');
    super(`Invalid input: ${message}.`, 'BAD_USER_INPUT', { ...options, details });
  }
}

/** The caller must sign in (again). */
export class Unauthenticated extends AppError {
  constructor(message = 'Sign in first.', options: AppErrorOptions = {}) {
    super(message, 'UNAUTHENTICATED', options);
  }
}

/** The caller is known but must ask an administrator. */
export class Forbidden extends AppError {
  constructor(message = 'Your role does not allow this.', options: AppErrorOptions = {}) {
    super(message, 'FORBIDDEN', options);
  }
}

/** There is no such thing, or it belongs to someone else: both are answered with the same words. */
export class NotFound extends AppError {
  constructor(thing: string, options: AppErrorOptions = {}) {
    super(`There is no ${thing} with this id.`, 'NOT_FOUND', options);
  }
}

/** Somebody was faster, or the thing exists already: the caller should reload. */
export class Conflict extends AppError {
  constructor(message: string, options: AppErrorOptions = {}) {
    super(message, 'CONFLICT', options);
  }
}

/** The caller must wait `retryAfter` seconds. */
export class RateLimited extends AppError {
  constructor(message: string, retryAfter: number, options: AppErrorOptions = {}) {
    super(message, 'RATE_LIMITED', { ...options, retryAfter });
  }
}

/** Something WebMetrics itself needs is away for the moment: the caller should try again after `retryAfter` seconds. */
export class ServiceUnavailable extends AppError {
  constructor(options: AppErrorOptions = {}) {
    super('WebMetrics cannot do this right now: try again in a few seconds.', 'SERVICE_UNAVAILABLE', {
      retryAfter: 5,
      ...options,
    });
  }
}

/** The installation is set up wrongly: the operator must change the settings named in the message. */
export class ConfigurationError extends AppError {
  constructor(message: string, options: AppErrorOptions = {}) {
    super(message, 'CONFIGURATION', options);
  }
}
