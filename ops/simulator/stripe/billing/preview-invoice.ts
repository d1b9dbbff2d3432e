import { invalidRequest, StripeError } from '#simulator/stripe/wire/stripe-error.js';
import { fork } from './fork.js';
import { type DiscountInput, redeem } from './invoices/discounts.js';
import { calculate } from './invoices/invoice-totals.js';
import type { Account, Invoice } from './model.js';
import { create, requireTaxLocation } from './subscriptions/create-subscription.js';
import { type UpdateParams, update } from './subscriptions/update-subscription.js';
import { asPreview, nextInvoiceIn } from './upcoming.js';

export interface PreviewParams {
  automatic_tax?: { enabled: boolean } | undefined;
  currency?: string | undefined;
  customer?: string | undefined;
  discounts?: readonly DiscountInput[] | null | undefined;
  preview_mode?: 'next' | 'recurring' | undefined;
  subscription?: string | undefined;
  subscription_details?:
    | (Pick<
        UpdateParams,
        | 'billing_cycle_anchor'
        | 'cancel_at'
        | 'cancel_at_period_end'
        | 'items'
        | 'metadata'
        | 'proration_behavior'
        | 'proration_date'
        | 'trial_end'
      > & { billing_mode?: { type: 'classic' | 'flexible' } | undefined })
    | undefined;
}

/**
 * Returns the invoice that a change would make at once, or else the next one, calculated by making the change in a copy
 * of the account: https://docs.stripe.com/api/invoices/create_preview. Throws what the change itself would throw.
 */
export function previewInvoice(account: Account, params: PreviewParams): Invoice {
  const { subscription: id } = params;
  if (id === undefined && params.customer === undefined)
    throw invalidRequest('You must provide one of the following parameters: customer, subscription.', {
      code: 'parameter_missing',
      param: 'customer',
    });
  const customer =
    id === undefined
      ? account.get('customer', String(params.customer), 'customer').id
      : account.get('subscription', id, 'subscription').customer;
  if (params.customer !== undefined && params.customer !== customer)
    throw invalidRequest(`The subscription ${id} does not belong to the customer ${params.customer}.`, {
      param: 'subscription',
    });
  refuseProrationDate(params);
  const copy = fork(account, customer);
  const invoice = id === undefined ? previewNew(copy, customer, params) : previewChange(copy, id, params);
  if (!invoice)
    throw new StripeError(404, 'invalid_request_error', `No upcoming invoices for customer: ${customer}`, {
      code: 'invoice_upcoming_none',
    });
  return invoice;
}

function refuseProrationDate({ subscription, subscription_details: details }: PreviewParams): void {
  if (details?.proration_date === undefined) return;
  if (subscription === undefined || (details.items === undefined && details.trial_end === undefined))
    throw invalidRequest(
      'When `subscription_details.proration_date` is set, `subscription` and one of `subscription_details.items` or `subscription_details.trial_end` are required.',
      { param: 'subscription_details[proration_date]' },
    );
}

function previewChange(copy: Account, id: string, params: PreviewParams): Invoice | null {
  const { billing_mode: _mode, ...details } = params.subscription_details ?? {};
  const subscription = copy.get('subscription', id);
  if (params.automatic_tax) {
    requireTaxLocation(copy, copy.get('customer', subscription.customer), params.automatic_tax.enabled);
    subscription.automatic_tax = {
      disabled_reason: null,
      enabled: params.automatic_tax.enabled,
      liability: params.automatic_tax.enabled ? { type: 'self' } : null,
    };
  }
  if (params.discounts !== undefined)
    subscription.discounts = redeem(copy, params.discounts ?? [], {
      customer: subscription.customer,
      currency: subscription.currency,
      subscription: id,
      start: copy.now(subscription.customer),
      param: 'discounts',
    });
  const { invoice } = update(copy, id, details, { isPreview: true });
  if (params.preview_mode === 'recurring') {
    for (const item of copy.list('invoiceitem')) if (item.invoice === null) copy.forget(item.id);
    subscription.cancel_at = null;
    return nextInvoiceIn(copy, id);
  }
  return invoice ? asPreview(invoice, 'upcoming') : nextInvoiceIn(copy, id);
}

function previewNew(copy: Account, customer: string, params: PreviewParams): Invoice | null {
  const { items, metadata, trial_end, cancel_at, cancel_at_period_end, billing_mode } =
    params.subscription_details ?? {};
  if (!items) return previewOldest(copy, customer);
  const made = create(copy, {
    customer,
    items,
    metadata,
    trial_end,
    cancel_at,
    cancel_at_period_end,
    billing_mode,
    automatic_tax: params.automatic_tax,
    currency: params.currency,
    discounts: params.discounts,
    payment_behavior: 'default_incomplete',
  });
  const invoice = made.latest_invoice ? copy.find('invoice', made.latest_invoice) : undefined;
  if (!invoice) return null;
  Object.assign(invoice, {
    amount_paid: 0,
    attempted: false,
    effective_at: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    number: null,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
  } satisfies Partial<Invoice>);
  calculate(copy, invoice);
  return asPreview(invoice, 'upcoming');
}

/** Without a subscription: the next invoice of the customer, whichever comes first. */
function previewOldest(copy: Account, customer: string): Invoice | null {
  const next = copy
    .list('subscription')
    .filter((one) => one.customer === customer)
    .flatMap((one) => nextInvoiceIn(fork(copy, customer), one.id) ?? []);
  return next.sort((one, other) => one.created - other.created)[0] ?? null;
}
