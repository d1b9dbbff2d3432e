import type { ErrorCode } from './error-codes.js';

export type { ErrorCode };

export interface Problem {
  argument: string;
  problem: string;
}

/** A limit of a plan that is used up. */
export interface ReachedLimit {
  /** As in `LimitName`. */
  name: string;
  used: number;
  allowed: number;
  /** The smallest plan that allows it; null = none does. */
  planId: string | null;
}

/** A payment that was not made. */
export interface UnpaidPayment {
  /** Why, in the words of the card's issuer, for example `insufficient_funds`; null = it is not known, or was not refused. */
  declineCode: string | null;
  /** Where the customer pays, or confirms the payment; null = nowhere: another card is needed first. */
  url: string | null;
}

export interface AppErrorOptions {
  cause?: unknown;
  details?: Problem[];
  /** Seconds to wait before a retry. */
  retryAfter?: number;
  /** Token for the next step. */
  challenge?: string;
  requiredScope?: string;
  limit?: ReachedLimit;
  payment?: UnpaidPayment;
}

/** An error the caller can act on: by its message, and programs by its code. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details?: Problem[];
  readonly retryAfter?: number;
  readonly challenge?: string;
  readonly requiredScope?: string;
  readonly limit?: ReachedLimit;
  readonly payment?: UnpaidPayment;

  constructor(message: string, code: ErrorCode, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.details = options.details;
    this.retryAfter = options.retryAfter;
    this.challenge = options.challenge;
    this.requiredScope = options.requiredScope;
    this.limit = options.limit;
    this.payment = options.payment;
  }
}

/** So many problems are described, so that an answer stays small whatever was sent. */
export const MAX_PROBLEMS = 50;

/** The caller must change the arguments named in `details`, of which the first MAX_PROBLEMS are kept. */
export class InvalidInput extends AppError {
  constructor(problems: Problem[], options: AppErrorOptions = {}) {
    const details = problems.slice(0, MAX_PROBLEMS);
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

/** The organization's plan includes no more: the caller must use less, or change the plan. */
export class LimitReached extends AppError {
  constructor(limit: ReachedLimit, planName = 'Your plan', neededName?: string) {
    const { name, used, allowed } = limit;
    const remedy = neededName ? `the plan ${neededName} allows it` : 'no plan allows more';
    super(`${planName} allows ${allowed} (${name}), and ${used} are used: ${remedy}.`, 'LIMIT_REACHED', { limit });
  }
}

/** The trial is over, or nothing was paid: what there is can be read and exported only. */
export class SubscriptionRequired extends AppError {
  constructor(options: AppErrorOptions = {}) {
    const message = 'This organization can only read and export its data: choose a plan to go on.';
    super(message, 'SUBSCRIPTION_REQUIRED', options);
  }
}

/** The card was refused: what was to be paid for has not happened. */
export class PaymentFailed extends AppError {
  constructor(message: string, payment: UnpaidPayment, options: AppErrorOptions = {}) {
    super(message, 'PAYMENT_FAILED', { ...options, payment });
  }
}

/** The customer must confirm the payment at their bank: until then, what is paid for does not happen. */
export class PaymentActionRequired extends AppError {
  constructor(payment: UnpaidPayment, options: AppErrorOptions = {}) {
    super('The bank asks for a confirmation of this payment: give it at `payment.url`.', 'PAYMENT_ACTION_REQUIRED', {
      ...options,
      payment,
    });
  }
}

/** There is no such object, or it belongs to another organization: the two are indistinguishable. */
export class NotFound extends AppError {
  constructor(thing: string, options: AppErrorOptions = {}) {
    super(`There is no ${thing} with this id.`, 'NOT_FOUND', options);
  }
}

/** Changed concurrently, or it exists already: the caller should reload. */
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

/** The caller must ask for less at once. */
export class AnswerTooLarge extends AppError {
  constructor(from: string, maxBytes: number, options: AppErrorOptions = {}) {
    const limit = `${maxBytes / 1024 / 1024} MiB`;
    super(`${from} has more than ${limit}: ask for fewer items (\`first\`) or fields.`, 'ANSWER_TOO_LARGE', options);
  }
}

/** A dependency of WebMetrics is unavailable: the caller should retry. */
export class ServiceUnavailable extends AppError {
  constructor(options: AppErrorOptions = {}) {
    super('WebMetrics cannot do this right now: try again in a few seconds.', 'SERVICE_UNAVAILABLE', {
      retryAfter: 5,
      ...options,
    });
  }
}

/** A provider was asked for a change, and its answer was lost: the caller looks at what has become of it, or sends the same again. */
export class ResultUnknown extends AppError {
  constructor(options: AppErrorOptions = {}) {
    const message =
      'The answer of the provider was lost, so it is not known whether this was done: look at it in a minute, or send the same again, which ' +
      'does it once.';
    super(message, 'RESULT_UNKNOWN', { retryAfter: 30, ...options });
  }
}

/** The operator must change the settings named in the message. */
export class ConfigurationError extends AppError {
  constructor(message: string, options: AppErrorOptions = {}) {
    super(message, 'CONFIGURATION', options);
  }
}
