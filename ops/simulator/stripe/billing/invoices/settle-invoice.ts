import { withUpdateEvent } from '#simulator/stripe/billing/changes.js';
import { type Account, type Invoice, invoiceExtra } from '#simulator/stripe/billing/model.js';
import { dropPendingUpdate, settle } from '#simulator/stripe/billing/subscriptions/subscription-status.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';
import { giveBackBalance } from './customer-balance.js';

/** Returns the payment that an open invoice waits for. */
export function findPayment(account: Account, invoice: Invoice) {
  const payment = account.list('invoice_payment').find((one) => one.invoice === invoice.id && one.is_default);
  const intent = payment?.payment.payment_intent
    ? account.find('payment_intent', payment.payment.payment_intent)
    : undefined;
  return payment && intent ? { payment, intent } : undefined;
}

/** Settles an invoice, and the subscription with it. */
export function markPaid(
  account: Account,
  invoice: Invoice,
  { amount, isOutOfBand = false }: { amount: number; isOutOfBand?: boolean },
): void {
  const now = account.now(String(invoice.customer));
  const found = findPayment(account, invoice);
  if (found && found.intent.status === 'succeeded') {
    account.change(found.payment, {
      amount_paid: amount,
      status: 'paid',
      status_transitions: { canceled_at: null, paid_at: now },
    });
    account.emit('invoice_payment.paid', found.payment);
  } else if (found && isOutOfBand) cancelPayment(account, invoice);
  withUpdateEvent(account, invoice, 'invoice.updated', () => {
    Object.assign(invoice, {
      amount_paid: isOutOfBand ? invoice.amount_due : amount,
      amount_remaining: 0,
      attempted: true,
      next_payment_attempt: null,
      auto_advance: false,
      status: 'paid',
      status_transitions: { ...invoice.status_transitions, paid_at: now },
      ...(isOutOfBand && { amount_paid_off_stripe: invoice.amount_due }),
    } satisfies Partial<Invoice>);
  });
  account.emit('invoice.paid', invoice);
  account.emit('invoice.payment_succeeded', invoice);
  updateDelinquency(account, String(invoice.customer));
  settle(account, invoice);
}

function cancelPayment(account: Account, invoice: Invoice): void {
  const found = findPayment(account, invoice);
  if (!found || ['succeeded', 'canceled'].includes(found.intent.status)) return;
  account.change(found.intent, {
    canceled_at: account.now(String(invoice.customer)),
    cancellation_reason: 'void_invoice',
    next_action: null,
    status: 'canceled',
  });
  account.emit('payment_intent.canceled', found.intent);
  account.change(found.payment, {
    status: 'canceled',
    status_transitions: { canceled_at: account.now(String(invoice.customer)), paid_at: null },
  });
}

/** Voids an open invoice, or one that is uncollectible. Throws 400 for others. */
export function voidInvoice(account: Account, invoice: Invoice): Invoice {
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible')
    throw invalidRequest(`You can only pass in open invoices. This invoice isn't open.`, {
      code: 'invoice_not_editable',
    });
  cancelPayment(account, invoice);
  account.change(
    invoice,
    {
      status: 'void',
      auto_advance: false,
      next_payment_attempt: null,
      status_transitions: { ...invoice.status_transitions, voided_at: account.now(String(invoice.customer)) },
    },
    'invoice.updated',
  );
  giveBackBalance(account, invoice);
  account.emit('invoice.voided', invoice);
  dropPendingUpdate(account, invoice);
  updateDelinquency(account, String(invoice.customer));
  return invoice;
}

/** Writes an open invoice off; it may still be paid. Throws 400 for others. */
export function markUncollectible(account: Account, invoice: Invoice): Invoice {
  if (invoice.status !== 'open')
    throw invalidRequest(`You can only pass in open invoices. This invoice isn't open.`, {
      code: 'invoice_not_editable',
    });
  account.change(
    invoice,
    {
      status: 'uncollectible',
      auto_advance: false,
      next_payment_attempt: null,
      status_transitions: {
        ...invoice.status_transitions,
        marked_uncollectible_at: account.now(String(invoice.customer)),
      },
    },
    'invoice.updated',
  );
  account.emit('invoice.marked_uncollectible', invoice);
  updateDelinquency(account, String(invoice.customer));
  settle(account, invoice);
  return invoice;
}

/** A customer is delinquent while an invoice that was attempted is open. */
export function updateDelinquency(account: Account, id: string): void {
  const customer = account.find('customer', id);
  if (!customer) return;
  const delinquent = account
    .list('invoice')
    .some(
      (invoice) =>
        invoice.customer === id &&
        invoice.status === 'open' &&
        (invoiceExtra(account, invoice).failedAttempts ?? 0) > 0,
    );
  account.change(customer, { delinquent }, 'customer.updated');
}
