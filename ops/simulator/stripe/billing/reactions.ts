import type { Reactions } from '#simulator/stripe/account.js';
import { onPaymentIntent } from './invoices/collect-invoice.js';

/** What payments mean for the invoices they are for. */
export const billingReactions: Reactions = {
  'payment_intent.succeeded': onPaymentIntent,
  'payment_intent.payment_failed': onPaymentIntent,
  'payment_intent.requires_action': onPaymentIntent,
};
