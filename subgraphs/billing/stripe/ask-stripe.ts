import Stripe from 'stripe';
import { AppError, ConfigurationError, Conflict, PaymentActionRequired, PaymentFailed } from '#runtime/errors.js';
import { type StripeServices, stripeOf } from './stripe-client.js';

/** Stripe publishes none with its 429. */
const RATE_LIMIT_RETRY_SECONDS = 5;
const AWAY_RETRY_SECONDS = 30;

/** What the decline codes that a customer can do something about say; the others read as `card_declined`. */
const REASONS: Record<string, string> = {
  card_declined: 'The card was declined: use another one, or ask the bank.',
  expired_card: 'The card has expired: use another one.',
  incorrect_cvc: "The card's security code is wrong.",
  insufficient_funds: 'The card has insufficient funds: use another one.',
  processing_error: 'The bank could not process the card: try again in a few minutes.',
};

/** Returns why a payment failed, as a sentence for the customer. */
export function describeDecline(reason: string): string {
  return REASONS[reason] ?? 'The card was declined: use another one, or ask the bank.';
}

/** Returns the reason of a failed payment as the API names it, of a card error or a payment intent's last error. */
export function declineReasonOf({ code, decline_code }: { code?: string; decline_code?: string }): string {
  if (code === 'invoice_payment_intent_requires_action' || code === 'subscription_payment_intent_requires_action') {
    return 'authentication_required';
  }
  return decline_code && decline_code !== 'generic_decline' ? decline_code : (code ?? 'card_declined');
}

const secondsIn = (headers: Record<string, string> | undefined) => {
  const seconds = Number(headers?.['retry-after']);
  return Number.isInteger(seconds) && seconds > 0 ? seconds : undefined;
};

function awayError(cause: unknown, retryAfter = AWAY_RETRY_SECONDS): AppError {
  const message = 'Stripe cannot be reached at the moment, or fails: nothing was charged twice, try again later.';
  return new AppError(message, 'PROVIDER_UNAVAILABLE', { cause, retryAfter });
}

/** Returns an error of the SDK as ours; anything else as it is. */
export function mapStripeError(error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  const retryAfter = secondsIn(error.headers as Record<string, string> | undefined);
  if (error instanceof Stripe.errors.StripeCardError || error.code?.endsWith('_payment_intent_requires_action')) {
    const declineCode = declineReasonOf(error as { code?: string; decline_code?: string });
    const payment = { declineCode, url: null };
    if (declineCode === 'authentication_required') return new PaymentActionRequired(payment, { cause: error });
    return new PaymentFailed(describeDecline(declineCode), payment, { cause: error });
  }
  if (error instanceof Stripe.errors.StripeRateLimitError || error.statusCode === 409) {
    const seconds = retryAfter ?? RATE_LIMIT_RETRY_SECONDS;
    return new AppError('Stripe asks us to slow down: try again.', 'PROVIDER_UNAVAILABLE', {
      cause: error,
      retryAfter: seconds,
    });
  }
  if (error instanceof Stripe.errors.StripeAuthenticationError) {
    return new ConfigurationError('Stripe refuses STRIPE_SECRET_KEY.', { cause: error });
  }
  if (error instanceof Stripe.errors.StripePermissionError) {
    return new ConfigurationError('STRIPE_SECRET_KEY does not have the rights that are needed.', { cause: error });
  }
  if (error instanceof Stripe.errors.StripeIdempotencyError) {
    return new Conflict('This was changed meanwhile: reload, and try again.', { cause: error });
  }
  if (error instanceof Stripe.errors.StripeConnectionError || (error.statusCode ?? 500) >= 500) {
    return awayError(error, retryAfter);
  }
  // An invalid request is a fault of ours, unless the caller of askStripe expects it.
  return error;
}

/**
 * Asks Stripe, or the simulator outside production, and returns what it answers. Throws PaymentFailed or
 * PaymentActionRequired, an AppError with `PROVIDER_UNAVAILABLE` and `retryAfter` when Stripe is away or wants us to wait, Conflict when an idempotency
 * key was used for something else, ConfigurationError for a wrong or missing key, and StripeInvalidRequestError as it is.
 */
export async function askStripe<Answer>(
  services: StripeServices,
  ask: (stripe: Stripe) => Promise<Answer>,
): Promise<Answer> {
  const stripe = stripeOf(services);
  try {
    return await ask(stripe);
  } catch (error) {
    throw mapStripeError(error);
  }
}

/** Whether Stripe answered that there is no such object. */
export function isMissingAtStripe(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing';
}

/** Whether Stripe is away, fails, or wants us to wait. */
export function isStripeAway(error: unknown): boolean {
  return error instanceof AppError && error.code === 'PROVIDER_UNAVAILABLE';
}
