import type { EntityManager } from 'typeorm';
import { InvoiceEntity } from '#billing/entities/invoice.js';
import { PaymentEntity } from '#billing/entities/payment.js';
import { askStripe, nullIfMissing } from '#billing/stripe/ask-stripe.js';
import { idOf } from '#billing/stripe/id-of.js';
import type { StripeServices } from '#billing/stripe/stripe-client.js';
import type { ParsedEvent } from './parse-event.js';

type About = ParsedEvent['about'];
async function findStored(manager: EntityManager, about: About): Promise<string | null> {
  const { chargeId, invoiceId, paymentIntentId } = about;
  const payments = [
    ...(chargeId ? [{ id: chargeId }] : []),
    ...(paymentIntentId ? [{ paymentIntentId }] : []),
    ...(invoiceId ? [{ invoiceId }] : []),
  ];
  const payment = payments.length > 0 ? await manager.findOneBy(PaymentEntity, payments) : null;
  if (payment) return payment.customerId;
  const invoice = invoiceId ? await manager.findOneBy(InvoiceEntity, { id: invoiceId }) : null;
  return invoice?.customerId ?? null;
}

/** Returns the customer of an event that does not name it, by what it is about: as it is stored, else as Stripe has it. */
export async function findCustomer(
  manager: EntityManager,
  services: StripeServices,
  about: About,
): Promise<string | null> {
  const { chargeId, invoiceId, paymentIntentId } = about;
  if (!chargeId && !invoiceId && !paymentIntentId) return null;
  const stored = await findStored(manager, about);
  if (stored) return stored;
  return nullIfMissing(
    askStripe(services, async (stripe) => {
      if (chargeId) return idOf((await stripe.charges.retrieve(chargeId)).customer);
      if (paymentIntentId) return idOf((await stripe.paymentIntents.retrieve(paymentIntentId)).customer);
      return invoiceId ? idOf((await stripe.invoices.retrieve(invoiceId)).customer) : null;
    }),
  );
}
