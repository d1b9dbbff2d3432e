import type Stripe from 'stripe';
import { declineReasonOf, describeDecline } from '#billing/stripe/declines.js';
import { idOf } from '#billing/stripe/id-of.js';
import { PaymentActionRequired, PaymentFailed } from '#runtime/errors.js';

/**
 * Throws PaymentActionRequired when the bank waits for a confirmation of the payment of an invoice, and PaymentFailed when it was refused;
 * both name the page where it is paid.
 */
export async function requirePaid(stripe: Stripe, invoice: string | Stripe.Invoice | null): Promise<void> {
  const id = idOf(invoice);
  if (!id) return;
  const { hosted_invoice_url, payments, status } = await stripe.invoices.retrieve(id, { expand: ['payments'] });
  if (status === 'paid') return;
  const url = hosted_invoice_url ?? null;
  const intentId = idOf(payments?.data.map(({ payment }) => payment.payment_intent).find(Boolean));
  const intent = intentId ? await stripe.paymentIntents.retrieve(intentId) : undefined;
  const error = intent?.last_payment_error;
  if (intent?.status === 'requires_action') throw new PaymentActionRequired({ declineCode: null, url });
  const declineCode = error ? declineReasonOf(error) : null;
  if (declineCode === 'authentication_required') throw new PaymentActionRequired({ declineCode, url });
  throw new PaymentFailed(describeDecline(declineCode ?? 'card_declined'), { declineCode, url });
}
