import { chargeable } from '#simulator/stripe/billing/arithmetic/currencies.js';
import { amountOf, unitAmountOf } from '#simulator/stripe/billing/arithmetic/price-amounts.js';
import { changeBalance } from '#simulator/stripe/billing/invoices/customer-balance.js';
import { addInvoiceItem } from '#simulator/stripe/billing/invoices/pending-items.js';
import type { InvoiceItem } from '#simulator/stripe/billing/model.js';
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
  boolean,
  currency,
  emptyable,
  integer,
  metadata,
  object,
  range,
  required,
  text,
  timestamp,
  type Values,
} from '#simulator/stripe/wire/rules.js';
import { invalidRequest } from '#simulator/stripe/wire/stripe-error.js';

const ROOT = '/v1/invoiceitems';

const createFields = {
  amount: integer({ min: -99_999_999_999 }),
  currency: currency(),
  customer: required(text()),
  description: text(),
  discountable: boolean(),
  metadata: metadata(),
  period: object({ end: required(timestamp()), start: required(timestamp()) }),
  pricing: object({ price: required(text()) }),
  quantity: integer(),
  subscription: text(),
};
const createForeign = [
  'customer_account',
  'discounts',
  'invoice',
  'price_data',
  'quantity_decimal',
  'tax_behavior',
  'tax_code',
  'tax_rates',
  'unit_amount_decimal',
];

export const invoiceItemOperations: readonly Operation[] = [
  operation('POST', ROOT, createFields, create, createForeign),
  operation(
    'GET',
    ROOT,
    { ...pageFields, created: range(), customer: text(), invoice: text(), pending: boolean() },
    ({ account, params, path }) =>
      pageOf(
        account
          .list('invoiceitem')
          .filter(
            (one) =>
              (params.customer === undefined || one.customer === params.customer) &&
              (params.invoice === undefined || one.invoice === params.invoice) &&
              (params.pending === undefined || params.pending === (one.invoice === null)) &&
              isWithin(one.date, params.created),
          ),
        { params, path },
      ),
    ['customer_account'],
  ),
  operation('GET', `${ROOT}/{id}`, {}, ({ account, id }) => account.get('invoiceitem', id)),
  operation('DELETE', `${ROOT}/{id}`, {}, ({ account, id }) => {
    const item = account.get('invoiceitem', id);
    if (item.invoice !== null)
      throw invalidRequest('You cannot delete an invoice item that is attached to an invoice.', {
        code: 'invoice_not_editable',
      });
    account.emit('invoiceitem.deleted', item);
    return account.delete(item);
  }),
  operation('GET', '/v1/customers/{customer}/balance_transactions', pageFields, ({ account, params, id, path }) => {
    account.get('customer', id);
    const own = account.list('customer_balance_transaction').filter(({ customer }) => customer === id);
    return pageOf(own, { params, path });
  }),
  operation('GET', '/v1/customers/{customer}/balance_transactions/{id}', {}, ({ account, ids: [, id = ''] }) =>
    account.get('customer_balance_transaction', id),
  ),
  operation(
    'POST',
    '/v1/customers/{customer}/balance_transactions',
    {
      amount: required(integer({ min: -99_999_999_999 })),
      currency: required(currency()),
      description: emptyable(text({ max: 350 })),
      metadata: metadata(),
    },
    ({ account, params, id }) => {
      const customer = account.get('customer', id);
      if (customer.currency && customer.currency !== params.currency)
        throw invalidRequest(
          `The customer's currency is ${customer.currency}: a balance in ${params.currency} cannot be added.`,
          { param: 'currency' },
        );
      return changeBalance(account, customer, {
        amount: params.amount,
        currency: params.currency,
        type: 'adjustment',
        description: params.description ?? null,
        metadata: mergedMetadata({}, params.metadata),
      });
    },
  ),
];

function create({ account, params }: Call<Values<typeof createFields>>): InvoiceItem {
  const customer = account.get('customer', params.customer, 'customer');
  const subscription = params.subscription
    ? account.get('subscription', params.subscription, 'subscription')
    : undefined;
  const price = params.pricing ? account.get('price', params.pricing.price, 'pricing[price]') : undefined;
  if (price?.active === false)
    throw invalidRequest('The price specified is inactive. This field only accepts active prices.', {
      param: 'pricing[price]',
    });
  if ((price === undefined) === (params.amount === undefined))
    throw invalidRequest('You must specify either `amount` or `pricing`.', { param: 'amount' });
  const code = params.currency ?? price?.currency ?? subscription?.currency ?? customer.currency ?? 'usd';
  const quantity = params.quantity ?? 1;
  const amount = price ? amountOf(account, price, { currency: code, quantity }) : (params.amount ?? 0);
  const now = account.now(customer.id);
  return addInvoiceItem(account, {
    amount: chargeable(amount, code),
    currency: code,
    customer: customer.id,
    description: params.description ?? (price ? (account.find('product', String(price.product))?.name ?? null) : null),
    discountable: params.discountable ?? amount > 0,
    metadata: mergedMetadata({}, params.metadata),
    parent: subscription
      ? { type: 'subscription_details', subscription_details: { subscription: subscription.id } }
      : null,
    period: params.period ?? { start: now, end: now },
    pricing: price
      ? {
          price_details: { price: price.id, product: price.product },
          type: 'price_details',
          unit_amount_decimal: unitAmountOf(account, price, code),
        }
      : { type: 'price_details', unit_amount_decimal: String(amount) },
    proration: false,
    quantity,
  });
}
