import type { NewInvoice } from '#simulator/stripe/billing/invoices/blank-invoice.js';
import { collect, noPaymentMethod } from '#simulator/stripe/billing/invoices/collect-invoice.js';
import { draftInvoice, pendingItemsOf } from '#simulator/stripe/billing/invoices/draft-invoice.js';
import { finalizeInvoice } from '#simulator/stripe/billing/invoices/finalize-invoice.js';
import { markPaid, markUncollectible, voidInvoice } from '#simulator/stripe/billing/invoices/settle-invoice.js';
import type { Account, Invoice } from '#simulator/stripe/billing/model.js';
import { previewInvoice } from '#simulator/stripe/billing/preview-invoice.js';
import { requireMethod } from '#simulator/stripe/billing/subscriptions/create-subscription.js';
import { periodOf } from '#simulator/stripe/billing/subscriptions/subscription-items.js';
import { paymentMethodFor, subscriptionOf } from '#simulator/stripe/billing/subscriptions/subscription-status.js';
import { resolvePaymentMethod } from '#simulator/stripe/customers/payment-methods.js';
import {
  type Call,
  isWithin,
  mergedMetadata,
  type Operation,
  operation,
  pageFields,
  pageOf,
} from '#simulator/stripe/operation.js';
import {
  array,
  boolean,
  currency,
  emptyable,
  metadata,
  object,
  oneOf,
  range,
  required,
  text,
  type Values,
} from '#simulator/stripe/wire/rules.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';
import { discountRule, previewDetails } from './subscription-parameters.js';

const ROOT = '/v1/invoices';

const createFields = {
  auto_advance: boolean(),
  collection_method: oneOf('charge_automatically'),
  currency: currency(),
  customer: required(text()),
  default_payment_method: text(),
  description: text(),
  metadata: metadata(),
  pending_invoice_items_behavior: oneOf('exclude', 'include'),
  subscription: text(),
};
const createForeign = [
  'account_tax_ids',
  'application_fee_amount',
  'automatic_tax',
  'automatically_finalizes_at',
  'custom_fields',
  'customer_account',
  'days_until_due',
  'default_source',
  'default_tax_rates',
  'discounts',
  'due_date',
  'effective_at',
  'footer',
  'from_invoice',
  'issuer',
  'number',
  'on_behalf_of',
  'payment_settings',
  'rendering',
  'shipping_cost',
  'shipping_details',
  'statement_descriptor',
  'transfer_data',
];

const updateFields = {
  auto_advance: boolean(),
  default_payment_method: text(),
  description: text(),
  metadata: metadata(),
};

const payFields = {
  forgive: boolean(),
  off_session: boolean(),
  paid_out_of_band: boolean(),
  payment_method: text(),
};

const listFields = {
  ...pageFields,
  collection_method: oneOf('charge_automatically', 'send_invoice'),
  created: range(),
  customer: text(),
  status: oneOf('draft', 'open', 'paid', 'uncollectible', 'void'),
  subscription: text(),
};

const previewFields = {
  automatic_tax: object({ enabled: required(boolean()) }, ['liability']),
  currency: currency(),
  customer: text(),
  discounts: emptyable(array(discountRule, { max: 20 })),
  preview_mode: oneOf('next', 'recurring'),
  subscription: text(),
  subscription_details: previewDetails,
};

export const invoiceOperations: readonly Operation[] = [
  operation('POST', ROOT, createFields, createManual, createForeign),
  operation('POST', `${ROOT}/create_preview`, previewFields, ({ account, params }) => previewInvoice(account, params), [
    'customer_account',
    'customer_details',
    'invoice_items',
    'issuer',
    'on_behalf_of',
    'schedule',
    'schedule_details',
  ]),
  operation(
    'GET',
    ROOT,
    listFields,
    ({ account, params, path }) => {
      if (params.customer !== undefined) account.get('customer', params.customer, 'customer');
      const isWanted = (one: Invoice) =>
        (params.customer === undefined || one.customer === params.customer) &&
        (params.status === undefined || one.status === params.status) &&
        (params.subscription === undefined || one.parent?.subscription_details?.subscription === params.subscription) &&
        isWithin(one.created, params.created);
      return pageOf(account.list('invoice').filter(isWanted), { params, path });
    },
    ['customer_account', 'due_date'],
  ),
  operation('GET', `${ROOT}/{id}`, {}, ({ account, id }) => account.get('invoice', id)),
  operation('POST', `${ROOT}/{id}`, updateFields, update, createForeign),
  operation('DELETE', `${ROOT}/{id}`, {}, ({ account, id }) => deleteDraft(account, id)),
  operation('GET', `${ROOT}/{id}/lines`, pageFields, ({ account, params, id, path }) =>
    pageOf(account.get('invoice', id).lines.data, { params, path }),
  ),
  operation('POST', `${ROOT}/{id}/finalize`, { auto_advance: boolean() }, ({ account, params, id }) => {
    const invoice = account.get('invoice', id);
    if (params.auto_advance !== undefined) invoice.auto_advance = params.auto_advance;
    finalizeInvoice(account, invoice);
    if (invoice.status === 'open' && invoice.auto_advance) collect(account, invoice);
    return invoice;
  }),
  operation('POST', `${ROOT}/{id}/pay`, payFields, payInvoice, ['mandate', 'source']),
  operation('POST', `${ROOT}/{id}/void`, {}, ({ account, id }) => voidInvoice(account, account.get('invoice', id))),
  operation('POST', `${ROOT}/{id}/mark_uncollectible`, {}, ({ account, id }) =>
    markUncollectible(account, account.get('invoice', id)),
  ),
  operation(
    'GET',
    '/v1/invoice_payments',
    {
      ...pageFields,
      created: range(),
      invoice: text(),
      payment: object({ payment_intent: text(), type: required(oneOf('payment_intent')) }, ['payment_record']),
      status: oneOf('canceled', 'open', 'paid'),
    },
    ({ account, params, path }) => {
      if (params.invoice === undefined && params.payment === undefined)
        throw invalidRequest('You must provide one of the following parameters: invoice, payment.', {
          code: 'parameter_missing',
          param: 'invoice',
        });
      return pageOf(
        account
          .list('invoice_payment')
          .filter(
            (one) =>
              (params.invoice === undefined || one.invoice === params.invoice) &&
              (params.payment === undefined || one.payment.payment_intent === params.payment.payment_intent) &&
              (params.status === undefined || one.status === params.status) &&
              isWithin(one.created, params.created),
          ),
        { params, path },
      );
    },
  ),
  operation('GET', '/v1/invoice_payments/{id}', {}, ({ account, id }) => account.get('invoice_payment', id)),
];

function createManual({ account, params }: Call<Values<typeof createFields>>): Invoice {
  const customer = account.get('customer', params.customer, 'customer');
  const subscription = params.subscription ? account.get('subscription', params.subscription, 'subscription') : null;
  requireMethod(account, customer, params.default_payment_method);
  const now = account.now(customer.id);
  const wanted: NewInvoice = {
    customer,
    subscription,
    reason: 'manual',
    lines: [],
    period: subscription ? periodOf(subscription) : { start: now, end: now },
    finalizesItself: params.auto_advance ?? false,
    currency: params.currency ?? subscription?.currency ?? customer.currency ?? 'usd',
    description: params.description ?? null,
    metadata: mergedMetadata({}, params.metadata),
    takesPendingItems: params.pending_invoice_items_behavior === 'include' || subscription !== null,
  };
  if (subscription && pendingItemsOf(account, wanted).length === 0)
    throw invalidRequest('Nothing to invoice for subscription', { code: 'invoice_no_subscription_line_items' });
  const latest = subscription?.latest_invoice ?? null;
  const invoice = draftInvoice(account, wanted);
  if (params.default_payment_method) invoice.default_payment_method = params.default_payment_method;
  if (subscription && latest !== null) subscription.latest_invoice = latest;
  return invoice;
}

function update({ account, params, id }: Call<Values<typeof updateFields>>): Invoice {
  const invoice = account.get('invoice', id);
  const customer = account.find('customer', String(invoice.customer));
  if (customer) requireMethod(account, customer, params.default_payment_method);
  const { metadata: change, ...plain } = params;
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
  if (invoice.status !== 'draft' && params.description !== undefined)
    throw invalidRequest("Finalized invoices can't be updated in this way", { code: 'invoice_not_editable' });
  return account.change(
    invoice,
    { ...given, metadata: mergedMetadata(invoice.metadata ?? {}, change) },
    'invoice.updated',
  );
}

function deleteDraft(account: Account, id: string) {
  const invoice = account.get('invoice', id);
  if (invoice.status !== 'draft' || invoice.parent)
    throw invalidRequest('You can only delete draft invoices that are not of a subscription.', {
      code: 'invoice_not_editable',
    });
  for (const item of account.list('invoiceitem')) if (item.invoice === id) account.change(item, { invoice: null });
  account.emit('invoice.deleted', invoice);
  return account.delete(invoice);
}

function payInvoice({ account, params, id }: Call<Values<typeof payFields>>): Invoice {
  const invoice = account.get('invoice', id);
  if (invoice.status === 'paid') throw invalidRequest('Invoice is already paid', { code: 'invoice_already_paid' });
  if (invoice.status === 'void')
    throw invalidRequest('This invoice can no longer be paid: it has been voided.', { code: 'invoice_not_editable' });
  if (invoice.status === 'draft') finalizeInvoice(account, invoice);
  if (String(invoice.status) === 'paid') return invoice;
  if (params.paid_out_of_band) {
    markPaid(account, invoice, { amount: 0, isOutOfBand: true });
    return invoice;
  }
  const customer = String(invoice.customer);
  const method = params.payment_method
    ? resolvePaymentMethod(account, params.payment_method, { param: 'payment_method', customer })
    : paymentMethodFor(account, {
        customer,
        methods: [invoice.default_payment_method, subscriptionOf(account, invoice)?.default_payment_method],
      });
  if (!method) throw noPaymentMethod();
  if (method.customer !== null && method.customer !== customer)
    throw invalidRequest(
      `The customer does not have a payment method with the ID ${method.id}. The payment method must be attached to the customer.`,
      { code: 'resource_missing', param: 'payment_method' },
    );
  const outcome = collect(account, invoice, { method });
  if (outcome.kind === 'failed') throw outcome.error;
  if (outcome.kind === 'requires_action')
    throw invalidRequest(
      'This payment requires additional user action before it can be completed successfully. Payment can be completed using the PaymentIntent associated with the invoice.',
      { code: 'invoice_payment_intent_requires_action' },
    );
  return invoice;
}
