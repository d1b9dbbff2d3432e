import type { StripeAccount } from '#simulator/stripe/account.js';
import { endSubscriptionsOf } from '#simulator/stripe/billing/index.js';
import type { Objects } from '#simulator/stripe/objects.js';
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
  address,
  array,
  emptyable,
  integer,
  metadata,
  object,
  oneOf,
  range,
  text,
  type Values,
} from '#simulator/stripe/wire/rules.js';
import { invalidRequest, noSuch } from '#simulator/stripe/wire/stripe-error.js';
import { attach, resolvePaymentMethod } from './payment-methods.js';
import { addTaxId, taxIdFields } from './tax-ids.js';

const shared = {
  address: emptyable(address()),
  balance: integer({ min: -99_999_999_999 }),
  business_name: emptyable(text({ max: 150 })),
  description: emptyable(text()),
  email: emptyable(text({ max: 512 })),
  individual_name: emptyable(text({ max: 150 })),
  invoice_prefix: text({ max: 12 }),
  invoice_settings: object({ default_payment_method: emptyable(text()), footer: emptyable(text()) }, [
    'custom_fields',
    'rendering_options',
  ]),
  metadata: metadata(),
  name: emptyable(text({ max: 256 })),
  next_invoice_sequence: integer({ min: 1 }),
  phone: emptyable(text({ max: 20 })),
  preferred_locales: emptyable(array(text())),
  shipping: emptyable(object({ address: address(), name: text(), phone: emptyable(text()) })),
  tax: object({ ip_address: emptyable(text()), validate_location: oneOf('auto', 'deferred', 'immediately') }),
  tax_exempt: emptyable(oneOf('exempt', 'none', 'reverse')),
};

const createFields = {
  ...shared,
  payment_method: text(),
  tax_id_data: array(object(taxIdFields)),
  test_clock: text(),
};

const FOREIGN = [
  'cash_balance',
  'source',
  'default_source',
  'validate',
  'coupon',
  'promotion_code',
  'customer_account',
];

export const customerOperations: readonly Operation[] = [
  operation('POST', '/v1/customers', createFields, create, FOREIGN),
  operation('GET', '/v1/customers/{customer}', {}, retrieve),
  operation('POST', '/v1/customers/{customer}', shared, update, FOREIGN),
  operation('DELETE', '/v1/customers/{customer}', {}, remove),
  operation(
    'GET',
    '/v1/customers',
    { ...pageFields, created: range(), email: text(), test_clock: text() },
    ({ account, params, path }) =>
      pageOf(
        account
          .list('customer')
          .filter(
            ({ created, email, test_clock }) =>
              isWithin(created, params.created) &&
              (params.email === undefined || email === params.email) &&
              (params.test_clock === undefined ? !test_clock : test_clock === params.test_clock),
          ),
        { params, path },
      ),
  ),
];

function create({ account, params }: Call<Values<typeof createFields>>) {
  checkEmail(params.email);
  const clock = params.test_clock ? account.get('test_helpers.test_clock', params.test_clock, 'test_clock') : undefined;
  const customer: Objects['customer'] = {
    id: '',
    object: 'customer',
    address: addressOf(params.address) ?? null,
    balance: params.balance ?? 0,
    ...(params.business_name && { business_name: params.business_name }),
    created: clock?.frozen_time ?? account.now(),
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: params.description ?? null,
    discount: null,
    email: params.email ?? null,
    ...(params.individual_name && { individual_name: params.individual_name }),
    invoice_prefix: params.invoice_prefix ?? newInvoicePrefix(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: params.invoice_settings?.footer ?? null,
      rendering_options: null,
    },
    livemode: false,
    metadata: mergedMetadata({}, params.metadata),
    name: params.name ?? null,
    next_invoice_sequence: params.next_invoice_sequence ?? 1,
    phone: params.phone ?? null,
    preferred_locales: params.preferred_locales ?? [],
    shipping: shippingOf(params.shipping) ?? null,
    tax_exempt: params.tax_exempt ?? 'none',
    test_clock: clock?.id ?? null,
  };
  const { id: _id, ...fields } = customer;
  const made = account.add('customer', fields);
  try {
    const wanted = params.payment_method ?? params.invoice_settings?.default_payment_method;
    if (wanted) {
      const method = resolvePaymentMethod(account, wanted, { param: 'payment_method', customer: made.id });
      attach(account, method, made.id);
      if (params.invoice_settings?.default_payment_method) made.invoice_settings.default_payment_method = method.id;
    }
    for (const taxId of params.tax_id_data ?? []) addTaxId(account, made, taxId);
  } catch (error) {
    account.forget(made.id);
    throw error;
  }
  account.emit('customer.created', made);
  return made;
}

function retrieve({ account, id }: Call) {
  const object = account.findAny(id);
  if (object?.object !== 'customer') throw noSuch('customer', id);
  return object;
}

function update({ account, params, id }: Call<Values<typeof shared>>) {
  const customer = account.get('customer', id);
  checkEmail(params.email);
  const { address: _address, shipping: _shipping, tax: _tax, invoice_settings, metadata: change, ...plain } = params;
  const settings = { ...customer.invoice_settings };
  if (invoice_settings?.footer !== undefined) settings.footer = invoice_settings.footer;
  if (invoice_settings?.default_payment_method !== undefined)
    settings.default_payment_method = defaultMethodOf(account, customer.id, invoice_settings.default_payment_method);
  return account.change(
    customer,
    {
      ...(plain as Partial<Objects['customer']>),
      ...(params.tax_exempt === null && { tax_exempt: 'none' }),
      ...(params.preferred_locales === null && { preferred_locales: [] }),
      ...(params.address !== undefined && { address: addressOf(params.address) ?? null }),
      ...(params.shipping !== undefined && { shipping: shippingOf(params.shipping) ?? null }),
      invoice_settings: settings,
      metadata: mergedMetadata(customer.metadata, change),
    },
    'customer.updated',
  );
}

function defaultMethodOf(account: StripeAccount, customer: string, wanted: string | null): string | null {
  if (wanted === null) return null;
  const param = 'invoice_settings[default_payment_method]';
  const method = resolvePaymentMethod(account, wanted, { param, customer });
  if (method.customer !== customer)
    throw invalidRequest(
      `The customer does not have a payment method with the ID ${method.id}. The payment method must be attached to the customer.`,
      { code: 'resource_missing', param },
    );
  return method.id;
}

function remove({ account, id }: Call) {
  const customer = account.get('customer', id);
  endSubscriptionsOf(account, id);
  for (const method of account.list('payment_method').filter((one) => one.customer === id)) method.customer = null;
  for (const code of account.list('promotion_code').filter((one) => one.customer === id)) code.active = false;
  account.emit('customer.deleted', customer);
  return account.delete(customer);
}

function checkEmail(email: string | null | undefined): void {
  if (email && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email))
    throw invalidRequest(`Invalid email address: ${email}`, { code: 'email_invalid', param: 'email' });
}

type AddressValues = Values<{
  [Name in 'city' | 'country' | 'line1' | 'line2' | 'postal_code' | 'state']: ReturnType<typeof emptyable<string>>;
}>;

function addressOf(given: AddressValues | null | undefined) {
  return given
    ? {
        city: given.city ?? null,
        country: given.country ?? null,
        line1: given.line1 ?? null,
        line2: given.line2 ?? null,
        postal_code: given.postal_code ?? null,
        state: given.state ?? null,
      }
    : given;
}

function shippingOf(given: Values<typeof shared>['shipping']): Objects['customer']['shipping'] | undefined {
  if (!given) return given;
  return {
    ...(given.address && { address: addressOf(given.address) as NonNullable<Objects['customer']['address']> }),
    ...(given.name !== undefined && { name: given.name }),
    phone: given.phone ?? null,
  };
}

function newInvoicePrefix(): string {
  return Array.from(
    crypto.getRandomValues(new Uint8Array(8)),
    (byte) => 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'[byte % 32],
  ).join('');
}
