import type Stripe from 'stripe';
import { AppError, ConfigurationError, Conflict, PaymentActionRequired, PaymentFailed } from '#runtime/errors.js';
import { declineReasonOf, describeDecline } from './declines.js';
import { type StripeServices, stripeOf } from './stripe-client.js';

/** Stripe publishes none with its 429. */
const RATE_LIMIT_RETRY_SECONDS = 5;
const AWAY_RETRY_SECONDS = 30;

const secondsIn = (headers: Record<string, string> | undefined) => {
  const seconds = Number(headers?.['retry-after']);
  return Number.isInteger(seconds) && seconds > 0 ? seconds : undefined;
};

function awayError(cause: unknown, retryAfter = AWAY_RETRY_SECONDS): AppError {
  const message = 'Stripe cannot be reached at the moment, or fails: nothing was charged twice, try again later.';
  return new AppError(message, 'PROVIDER_UNAVAILABLE', { cause, retryAfter });
}

/** Returns an error of the SDK; undefined for any other. Known by its name: the SDK is loaded when it is first used. */
function sdkErrorOf(error: unknown): Stripe.errors.StripeError | undefined {
  const isOfSdk = error instanceof Error && 'type' in error && String(error.type).startsWith('Stripe');
  return isOfSdk ? (error as Stripe.errors.StripeError) : undefined;
}

/** Returns an error of the SDK as ours; anything else as it is. */
function mapStripeError(given: unknown): unknown {
  const error = sdkErrorOf(given);
  if (!error) return given;
  const { type, code, statusCode } = error;
  const retryAfter = secondsIn(error.headers as Record<string, string> | undefined);
  if (type === 'StripeCardError' || code?.endsWith('_payment_intent_requires_action')) {
    const declineCode = declineReasonOf(error as { code?: string; decline_code?: string });
    const payment = { declineCode, url: null };
    if (declineCode === 'authentication_required') return new PaymentActionRequired(payment, { cause: error });
    return new PaymentFailed(describeDecline(declineCode), payment, { cause: error });
  }
  if (type === 'StripeRateLimitError' || statusCode === 409) {
    return new AppError('Stripe asks us to slow down: try again.', 'PROVIDER_UNAVAILABLE', {
      cause: error,
      retryAfter: retryAfter ?? RATE_LIMIT_RETRY_SECONDS,
    });
  }
  if (type === 'StripeAuthenticationError') {
    return new ConfigurationError('Stripe refuses STRIPE_SECRET_KEY.', { cause: error });
  }
  if (type === 'StripePermissionError') {
    return new ConfigurationError('STRIPE_SECRET_KEY does not have the rights that are needed.', { cause: error });
  }
  if (type === 'StripeIdempotencyError') {
    return new Conflict('This was changed meanwhile: reload, and try again.', { cause: error });
  }
  if (type === 'StripeConnectionError' || (statusCode ?? 500) >= 500) return awayError(error, retryAfter);
  // An invalid request is a fault of ours, unless the caller of askStripe expects it.
  return error;
}

/**
 * Asks Stripe, or the simulator outside production, and returns what it answers. Throws PaymentFailed or PaymentActionRequired,
 * an AppError with `PROVIDER_UNAVAILABLE` and `retryAfter` when Stripe is away or asks us to wait, Conflict when an idempotency
 * key was used for something else, ConfigurationError for a wrong or missing key, and StripeInvalidRequestError as it is.
 */
export async function askStripe<Answer>(
  services: StripeServices,
  ask: (stripe: Stripe) => Promise<Answer>,
): Promise<Answer> {
  const stripe = await stripeOf(services);
  try {
    return await ask(stripe);
  } catch (error) {
    throw mapStripeError(error);
  }
}

/** Returns Stripe's refusal of a request as invalid; undefined for any other error. */
export function invalidRequestOf(error: unknown): Stripe.errors.StripeError | undefined {
  const known = sdkErrorOf(error);
  return known?.type === 'StripeInvalidRequestError' ? known : undefined;
}

/** Whether Stripe answered that there is no such object. */
export function isMissingAtStripe(error: unknown): boolean {
  const code = invalidRequestOf(error)?.code;
  // Of the first and the second version of the API.
  return code === 'resource_missing' || code === 'not_found';
}

/** Returns what Stripe answers; null when it answers that there is no such object. */
export async function nullIfMissing<Answer>(answer: Promise<Answer>): Promise<Answer | null> {
  try {
    return await answer;
  } catch (error) {
    if (isMissingAtStripe(error)) return null;
    throw error;
  }
}

/** Whether Stripe is away, fails, or asks us to wait. */
export function isStripeAway(error: unknown): boolean {
  return error instanceof AppError && error.code === 'PROVIDER_UNAVAILABLE';
}
