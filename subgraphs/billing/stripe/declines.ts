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
