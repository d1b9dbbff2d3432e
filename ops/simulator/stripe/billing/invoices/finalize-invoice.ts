import { withUpdateEvent } from '#simulator/stripe/billing/changes.js';
import { usageOf } from '#simulator/stripe/billing/meters/meter-usage.js';
import type { Account, Customer, Invoice } from '#simulator/stripe/billing/model.js';
import { subscriptionOf } from '#simulator/stripe/billing/subscriptions/subscription-status.js';
import { makePaymentIntent } from '#simulator/stripe/payments/make-payment-intent.js';
import { minimumOf } from '#simulator/stripe/payments/payment-intents.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';
import { changeBalance } from './customer-balance.js';
import { usageLine } from './invoice-lines.js';
import { applyBalance, calculate, taxpayerOf } from './invoice-totals.js';
import { markPaid } from './settle-invoice.js';

/**
 * Makes a draft final: it gets its number, takes up the customer's balance, and is paid at once when nothing is due.
 * Throws 400 for one that is final already.
 */
export function finalizeInvoice(account: Account, invoice: Invoice): Invoice {
  if (invoice.status !== 'draft')
    throw invalidRequest("This invoice is already finalized, you can't re-finalize a non-draft invoice.", {
      code: 'invoice_not_editable',
    });
  const customer = account.get('customer', String(invoice.customer));
  const now = account.now(customer.id);
  copyCustomer(account, invoice, customer);
  countLateUsage(account, invoice, customer.id);
  calculate(account, invoice);
  if (invoice.automatic_tax.status === 'requires_location_inputs') {
    failFinalization(account, invoice);
    return invoice;
  }
  const sequence = customer.next_invoice_sequence ?? 1;
  Object.assign(invoice, {
    number: `${customer.invoice_prefix}-${String(sequence).padStart(4, '0')}`,
    status: 'open',
    effective_at: now,
    automatically_finalizes_at: null,
    status_transitions: { ...invoice.status_transitions, finalized_at: now },
    ...addressesOf(account, invoice),
  } satisfies Partial<Invoice>);
  account.change(customer, { next_invoice_sequence: sequence + 1 });
  takeUpBalance(account, invoice, customer);
  if (invoice.amount_due > 0) addPayment(account, invoice);
  account.emit('invoice.finalized', invoice);
  if (invoice.amount_due === 0) markPaid(account, invoice, { amount: 0 });
  return invoice;
}

/** What was reported of a period while its invoice was a draft belongs to it. */
function countLateUsage(account: Account, { lines, currency }: Invoice, customer: string): void {
  for (const line of lines.data) {
    const price = account.find('price', String(line.pricing?.price_details?.price));
    if (!price?.recurring?.meter) continue;
    const used = usageOf(account, { price, customer, period: line.period });
    const item = { id: '', price };
    const subscription = { id: '', currency };
    const { amount, description } = usageLine({ account, subscription, item, period: line.period }, used);
    Object.assign(line, { amount, subtotal: amount, description, quantity: used, quantity_decimal: String(used) });
  }
}

function failFinalization(account: Account, invoice: Invoice): void {
  withUpdateEvent(account, invoice, 'invoice.updated', () => {
    invoice.last_finalization_error = {
      code: 'customer_tax_location_invalid',
      message:
        "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax.",
      type: 'invalid_request_error',
    };
    invoice.automatic_tax.disabled_reason = 'finalization_requires_location_inputs';
    invoice.automatically_finalizes_at = null;
    invoice.auto_advance = false;
  });
  account.emit('invoice.finalization_failed', invoice);
}

/** The customer's credit pays, a debit is added, and what is too small to charge is left for the next invoice. */
function takeUpBalance(account: Account, invoice: Invoice, customer: Customer): void {
  invoice.ending_balance = applyBalance(invoice.total, customer.balance).ending;
  const isTooSmall = invoice.amount_due > 0 && invoice.amount_due < minimumOf(invoice.currency);
  if (isTooSmall) {
    invoice.ending_balance += invoice.amount_due;
    invoice.amount_due = 0;
    invoice.amount_remaining = 0;
  }
  if (invoice.ending_balance === customer.balance) return;
  changeBalance(account, customer, {
    amount: invoice.ending_balance - customer.balance,
    currency: invoice.currency,
    invoice: invoice.id,
    type: isTooSmall ? 'invoice_too_small' : 'applied_to_invoice',
  });
}

function addPayment(account: Account, invoice: Invoice): void {
  const subscription = subscriptionOf(account, invoice);
  const intent = makePaymentIntent(account, {
    amount: invoice.amount_due,
    currency: invoice.currency,
    customer: String(invoice.customer),
    description: invoice.billing_reason === 'subscription_create' ? 'Subscription creation' : 'Subscription update',
    setupFutureUsage: subscription ? 'off_session' : null,
  });
  account.add('invoice_payment', {
    amount_paid: null,
    amount_requested: invoice.amount_due,
    created: account.now(String(invoice.customer)),
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: intent.id, type: 'payment_intent' },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  });
}

function copyCustomer(account: Account, invoice: Invoice, customer: Customer): void {
  Object.assign(invoice, {
    customer_address: customer.address ?? null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_tax_exempt: customer.tax_exempt ?? 'none',
    customer_tax_ids: taxpayerOf(account, customer).taxIds.map(({ type, value }) => ({ type, value })),
  });
}

/** Where the simulator shows an invoice. */
function addressesOf(account: Account, invoice: Invoice) {
  const site = account.base.replace('api.stripe.com', 'invoice.stripe.com');
  const path = `i/acct_1Simulated/test_${invoice.id}`;
  return {
    hosted_invoice_url: `${site}/${path}?s=ap`,
    invoice_pdf: `${account.base.replace('api.stripe.com', 'pay.stripe.com')}/invoice/acct_1Simulated/test_${invoice.id}/pdf?s=ap`,
  };
}
