import { ACCOUNT_COUNTRY } from '#simulator/stripe/billing/arithmetic/calculate-tax.js';
import { HOUR, type Period } from '#simulator/stripe/billing/arithmetic/periods.js';
import { withUpdateEvent } from '#simulator/stripe/billing/changes.js';
import { usageOf } from '#simulator/stripe/billing/meters/meter-usage.js';
import {
  type Account,
  type Customer,
  type Debit,
  type Invoice,
  invoiceExtra,
  type Subscription,
} from '#simulator/stripe/billing/model.js';
import {
  dropPendingUpdate,
  rememberDebits,
  settle,
  subscriptionOf,
} from '#simulator/stripe/billing/subscriptions/subscription-status.js';
import { listOf } from '#simulator/stripe/operation.js';
import { minimumOf } from '#simulator/stripe/payments/payment-intents.js';
import { makePaymentIntent } from '#simulator/stripe/payments/payments.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';
import { endDiscounts, usedOnce } from './discounts.js';
import { type LineDraft, lineOfDraft, lineOfInvoiceItem, usageLine } from './invoice-lines.js';
import { applyBalance, calculate, netOf, taxpayerOf } from './invoice-totals.js';

/** What an invoice is made of. */
export interface NewInvoice {
  customer: Customer;
  subscription: Subscription | null;
  reason: NonNullable<Invoice['billing_reason']>;
  lines: readonly LineDraft[];
  period: Period;
  /** Whether it becomes final an hour later by itself. */
  finalizesItself: boolean;
  currency: string;
  description?: string | null;
  metadata?: Record<string, string>;
  prorationDate?: number | undefined;
  /** Default true. */
  takesPendingItems?: boolean;
}

/** Makes a draft of lines and of the customer's pending invoice items. */
export function draftInvoice(account: Account, wanted: NewInvoice): Invoice {
  const { customer, subscription, currency } = wanted;
  const now = account.now(customer.id);
  const invoice = account.add('invoice', blankInvoice(account, wanted, now));
  const lines = wanted.lines.map((line) => lineOfDraft(line, invoice.id, currency));
  if (wanted.takesPendingItems ?? true) {
    for (const item of pendingItemsOf(account, wanted)) {
      account.change(item, { invoice: invoice.id });
      lines.unshift(lineOfInvoiceItem(item, invoice.id));
    }
  }
  invoice.lines = listOf(lines, `/v1/invoices/${invoice.id}/lines`) as Invoice['lines'];
  calculate(account, invoice);
  const charged = lines.slice(lines.length - wanted.lines.length);
  rememberDebits(
    account,
    invoice,
    Object.fromEntries(
      wanted.lines.flatMap((line, index): [string, Debit][] => {
        const made = charged[index];
        if (!line.isDebit || line.item === null || !made) return [];
        const { start, end } = line.period;
        return [
          [line.item, { amount: netOf(made), start, end, quantity: line.quantity, invoice: invoice.id, line: made.id }],
        ];
      }),
    ),
  );
  if (customer.currency !== currency) account.change(customer, { currency });
  if (subscription) subscription.latest_invoice = invoice.id;
  account.emit('invoice.created', invoice);
  if (subscription) {
    const consumed = (invoice.total_discount_amounts ?? []).filter(({ amount }) => amount > 0);
    endDiscounts(
      account,
      subscription,
      usedOnce(
        account,
        consumed.map(({ discount }) => String(discount)),
      ),
    );
  }
  return invoice;
}

/** Pending invoice items that the next invoice of a subscription, or of the customer alone, takes up. */
export function pendingItemsOf(account: Account, { customer, subscription, currency }: NewInvoice) {
  return account.list('invoiceitem').filter((item) => {
    const owner = item.parent?.subscription_details?.subscription ?? null;
    return (
      item.customer === customer.id &&
      item.invoice === null &&
      item.currency === currency &&
      (owner === null || owner === subscription?.id)
    );
  });
}

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

/** Changes what a customer owes (positive) or is owed (negative). */
export function changeBalance(
  account: Account,
  customer: Customer,
  change: {
    amount: number;
    currency: string;
    invoice?: string;
    type: 'adjustment' | 'applied_to_invoice' | 'invoice_too_small' | 'unapplied_from_invoice';
    description?: string | null;
    metadata?: Record<string, string>;
  },
) {
  const ending = customer.balance + change.amount;
  const transaction = account.add('customer_balance_transaction', {
    amount: change.amount,
    checkout_session: null,
    created: account.now(customer.id),
    credit_note: null,
    currency: change.currency,
    customer: customer.id,
    customer_account: null,
    description: change.description ?? null,
    ending_balance: ending,
    invoice: change.invoice ?? null,
    livemode: false,
    metadata: change.metadata ?? {},
    type: change.type,
  });
  const credits = { ...customer.invoice_credit_balance, [change.currency]: ending };
  account.change(
    customer,
    {
      balance: ending,
      currency: change.currency,
      ...(customer.invoice_credit_balance && { invoice_credit_balance: credits }),
    },
    'customer.updated',
  );
  return transaction;
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

function giveBackBalance(account: Account, invoice: Invoice): void {
  const applied = (invoice.ending_balance ?? 0) - invoice.starting_balance;
  const customer = account.find('customer', String(invoice.customer));
  if (applied === 0 || !customer) return;
  changeBalance(account, customer, {
    amount: -applied,
    currency: invoice.currency,
    invoice: invoice.id,
    type: 'unapplied_from_invoice',
  });
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

function blankInvoice(account: Account, wanted: NewInvoice, now: number): Omit<Invoice, 'id' | 'object'> {
  const { customer, subscription } = wanted;
  const isTaxed = subscription?.automatic_tax.enabled ?? false;
  return {
    account_country: ACCOUNT_COUNTRY,
    account_name: 'WebMetrics',
    account_tax_ids: null,
    amount_due: 0,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_paid_off_stripe: 0,
    amount_remaining: 0,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: wanted.finalizesItself,
    automatic_tax: {
      disabled_reason: null,
      enabled: isTaxed,
      liability: isTaxed ? { type: 'self' } : null,
      provider: null,
      status: null,
    },
    automatically_finalizes_at: wanted.finalizesItself ? now + HOUR : null,
    billing_reason: wanted.reason,
    collection_method: 'charge_automatically',
    created: now,
    currency: wanted.currency,
    custom_fields: null,
    customer: customer.id,
    customer_account: null,
    customer_address: customer.address ?? null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_shipping: null,
    customer_tax_exempt: customer.tax_exempt ?? 'none',
    customer_tax_ids: taxpayerOf(account, customer).taxIds.map(({ type, value }) => ({ type, value })),
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: wanted.description ?? null,
    discounts: [...(subscription?.discounts ?? [])],
    due_date: null,
    effective_at: null,
    ending_balance: null,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: 'self' },
    last_finalization_error: null,
    latest_revision: null,
    lines: listOf([], '') as unknown as Invoice['lines'],
    livemode: false,
    metadata: wanted.metadata ?? {},
    next_payment_attempt: wanted.finalizesItself ? now + HOUR : null,
    number: null,
    on_behalf_of: null,
    parent: subscription && {
      quote_details: null,
      subscription_details: {
        metadata: { ...subscription.metadata },
        subscription: subscription.id,
        ...(wanted.prorationDate !== undefined && { subscription_proration_date: wanted.prorationDate }),
      },
      type: 'subscription_details',
    },
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: wanted.period.end,
    period_start: wanted.period.start,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: customer.balance,
    statement_descriptor: null,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal: 0,
    subtotal_excluding_tax: 0,
    test_clock: customer.test_clock ?? null,
    total: 0,
    total_discount_amounts: [],
    total_excluding_tax: 0,
    total_pretax_credit_amounts: [],
    total_taxes: [],
    webhooks_delivered_at: now,
  };
}
